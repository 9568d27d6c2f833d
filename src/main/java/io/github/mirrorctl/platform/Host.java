package io.github.mirrorctl.platform;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The facts about the machine that decide where files lie and who may change them. Immutable; the file system behind it
 * is not, so {@link #exists} and {@link #read} answer for the moment they are asked.
 *
 * @param root what stands for the root folder: the file system's own, or the DIR of {@code --root DIR}
 * @param isRooted whether {@code --root} was given, so that nothing found below describes the running machine
 * @param environment the environment variables; on Windows their names have no case
 * @param homeFolder the user's home as an absolute path on the machine itself, without {@code --root}
 * @param user the name of the user the program runs as
 * @param architecture in Docker's words, such as {@code amd64} or {@code arm64}
 * @param javaVersion the running JVM's, such as {@code 17.0.15}
 */
public record Host(
        Path root,
        boolean isRooted,
        Map<String, String> environment,
        OperatingSystem os,
        String homeFolder,
        String user,
        String architecture,
        String javaVersion) {
    private static final List<String> CERTIFICATE_FILES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/pki/tls/cacert.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/ssl/cert.pem");

    private static final List<String> LOCALE_VARIABLES = List.of("LC_ALL", "LC_CTYPE", "LANG");

    public Host {
        Map<String, String> copy =
                os == OperatingSystem.WINDOWS ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
        copy.putAll(environment);
        // The launcher gives Java another locale than the user's, and says here what it replaced.
        String replaced = copy.remove("MIRRORCTL_LC_ALL");
        if (replaced != null) {
            copy.put("LC_ALL", replaced);
        }
        environment = Collections.unmodifiableMap(copy);
    }

    /** The machine that the JVM runs on. */
    public static Host current() {
        Map<String, String> environment = System.getenv();
        OperatingSystem os = OperatingSystem.of(System.getProperty("os.name", ""));
        // The engine and its client take $HOME over the password database, so we do too.
        String variable = os == OperatingSystem.WINDOWS ? "USERPROFILE" : "HOME";
        String home = environment.get(variable);
        if (home == null || !isAbsolute(home)) {
            home = System.getProperty("user.home", "/");
        }
        return new Host(
                Path.of("").toAbsolutePath().getRoot(),
                false,
                environment,
                os,
                home,
                System.getProperty("user.name", ""),
                dockerArchitecture(System.getProperty("os.arch", "")),
                System.getProperty("java.version", ""));
    }

    private static boolean isAbsolute(String home) {
        try {
            return Path.of(home).isAbsolute();
        } catch (InvalidPathException unreadable) {
            // Refused by whatever needs it.
            return true;
        }
    }

    /**
     * A machine described by hand.
     *
     * @param root the root folder of any file system
     * @param osName as the JVM spells it, such as {@code Linux}
     * @param architecture as the JVM spells it, such as {@code x86_64}
     */
    public static Host of(
            Path root, Map<String, String> environment, String osName, String home, String user, String architecture) {
        return new Host(
                root,
                false,
                environment,
                OperatingSystem.of(osName),
                home,
                user,
                dockerArchitecture(architecture),
                Runtime.version().toString());
    }

    /** The same machine with all its paths below a folder, as {@code DESTDIR} does it. */
    public Host withRoot(Path folder) {
        return new Host(
                folder.toAbsolutePath().normalize(),
                true,
                environment,
                os,
                homeFolder,
                user,
                architecture,
                javaVersion);
    }

    /**
     * A path of the machine, below the root. A drive letter is dropped where there is no place for it: below
     * {@code --root}, and on a file system without drives.
     *
     * @throws Fault {@link FaultCode#UNREADABLE_NAME} where the locale cannot name it
     */
    public Path path(String absolute) {
        boolean drives = root.getFileSystem().getSeparator().equals("\\");
        String spelled = !drives && absolute.matches("[A-Za-z]:[\\\\/].*")
                ? absolute.substring(2).replace('\\', '/')
                : absolute;
        Path path = FileNames.path(root.getFileSystem(), spelled);
        if (!isRooted && path.isAbsolute()) {
            return path;
        }
        Path fromTop = path.normalize();
        Path top = fromTop.getRoot();
        return root.resolve(top == null ? fromTop : top.relativize(fromTop));
    }

    /** The user's home, below the root. */
    public Path home() {
        return path(homeFolder);
    }

    /**
     * Where this program keeps what it remembers between runs: {@code $XDG_STATE_HOME} or {@code ~/.local/state} (XDG
     * base directory specification), {@code %LOCALAPPDATA%} on Windows, {@code ~/Library/Application Support} on macOS.
     */
    public Path stateFile(String name) {
        Path folder =
                switch (os) {
                    case WINDOWS ->
                        environment("LOCALAPPDATA")
                                .map(this::path)
                                .orElseGet(() -> home().resolve("AppData").resolve("Local"));
                    case MACOS -> home().resolve("Library").resolve("Application Support");
                    default ->
                        environment("XDG_STATE_HOME")
                                .filter(value -> value.startsWith("/"))
                                .map(this::path)
                                .orElseGet(() -> home().resolve(".local").resolve("state"));
                };
        return folder.resolve("mirrorctl").resolve(name);
    }

    /** What people call this machine, such as {@code web1 (Linux, amd64)}. */
    public String description() {
        String name = environment("COMPUTERNAME")
                .or(() -> lines("/etc/hostname").stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .findFirst())
                .or(() -> environment("HOSTNAME"))
                .orElse("?");
        return name + " (" + os.title() + ", " + architecture + ")";
    }

    /** A variable's value; empty where it is not set or blank. */
    public Optional<String> environment(String name) {
        // Without a lambda, since every start asks, and its first lambda costs a JVM 10 ms.
        String value = environment.get(name);
        return value == null || value.isBlank() ? Optional.empty() : Optional.of(value);
    }

    /**
     * A folder that the XDG Base Directory Specification has users name, which has relative ones ignored.
     *
     * @param usual where the variable names none
     */
    public String xdgFolder(String variable, String usual) {
        return environment(variable).filter(folder -> folder.startsWith("/")).orElse(usual);
    }

    /** Whether the program runs as the superuser of a Unix. */
    public boolean isRoot() {
        return os != OperatingSystem.WINDOWS && user.equals("root");
    }

    /** Whether something lies at a path of the machine. */
    public boolean exists(String absolute) {
        return Files.exists(path(absolute));
    }

    /** Whether something lies at a path that this host made. */
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    /** Where a symbolic link points, as it is written in it; empty where there is no such link. */
    public Optional<String> link(String absolute) {
        try {
            return Optional.of(Files.readSymbolicLink(path(absolute)).toString());
        } catch (IOException | UnsupportedOperationException noLink) {
            return Optional.empty();
        }
    }

    /** A text file's lines; none where there is no such file or it cannot be read. */
    List<String> lines(String absolute) {
        try {
            byte[] content = SmallFiles.read(path(absolute));
            return new String(content, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException notForUs) {
            return List.of();
        }
    }

    /** What lies in a folder, sorted by name; nothing where there is no such folder or it may not be read. */
    public List<Path> files(Path folder) {
        return SmallFiles.in(folder, "*");
    }

    /** The paths that a pattern as in glob(7) stands for, sorted; a path without one stands for itself, there or not. */
    public List<Path> matching(String absolute) {
        List<Path> paths = List.of(path("/"));
        for (String name : absolute.split("/", -1)) {
            Optional<Glob> glob = Glob.parse(name);
            paths = paths.stream()
                    .flatMap(folder ->
                            glob.isPresent() ? glob.get().in(folder).stream() : Stream.of(folder.resolve(name)))
                    .toList();
        }
        return paths;
    }

    /**
     * A file's bytes; empty where there is no such file.
     *
     * @throws Fault {@link FaultCode#CANNOT_READ} where it is not a file, is unreadable, or is larger than 16 MiB
     */
    public Optional<byte[]> read(Path file) {
        return SmallFiles.ifPresent(file, SmallFiles::read);
    }

    /**
     * The same for a file of the system, on the machine that this host describes.
     *
     * @param absolute a path with slashes
     */
    public Optional<byte[]> systemFile(String absolute) {
        return read(root.resolve(absolute.substring(1)));
    }

    /**
     * The same for a file that the user names to be read, which may be a pipe, as a shell's {@code <(command)} is.
     *
     * @throws Fault {@link FaultCode#CANNOT_READ} where it is a folder, is unreadable, or is larger than 16 MiB
     */
    public Optional<byte[]> readInput(Path file) {
        return SmallFiles.ifPresent(file, SmallFiles::readInput);
    }

    /**
     * The certificate authorities that programs on this machine believe, as PEM; empty where they lie elsewhere than
     * Go, in which the engine is written, looks for them ({@code crypto/x509/root_linux.go}).
     */
    public Optional<byte[]> certificateAuthorities() {
        Optional<String> named = environment("SSL_CERT_FILE");
        List<String> files = named.isPresent() ? List.of(named.get()) : CERTIFICATE_FILES;
        for (String file : files) {
            Optional<byte[]> bundle = named.isPresent() ? read(Path.of(file)) : systemFile(file);
            if (bundle.isPresent()) {
                return bundle;
            }
        }
        return Optional.empty();
    }

    /**
     * The certificate authorities that an engine on this machine believes of one registry beside those, as PEM: what lies in
     * {@code /etc/docker/certs.d/REGISTRY/*.crt}, and for one without root in {@code ~/.config/docker/certs.d} (moby's {@code
     * daemon/pkg/registry/registry.go}). What this user may not read is passed over. None on Windows, whose folders cannot be
     * called so.
     *
     * @param registry its host, with the port where that is not 443
     */
    public byte[] registryAuthorities(String registry) {
        List<Path> folders = new ArrayList<>();
        if (os != OperatingSystem.WINDOWS) {
            Platform.SYSTEMD.certificates(this).ifPresent(folders::add);
            if (!isRoot()) {
                Platform.ROOTLESS.certificates(this).ifPresent(folders::add);
            }
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Path folder : folders) {
            Path own = folder.resolve(registry);
            // Mostly there is none, and this is asked for each mirror.
            for (Path file : exists(own) ? SmallFiles.in(own, "*.crt") : List.<Path>of()) {
                try {
                    read(file).ifPresent(all::writeBytes);
                    all.write('\n');
                } catch (Fault notForUs) {
                    // The engine may read it; this user cannot tell.
                }
            }
        }
        return all.toByteArray();
    }

    /**
     * What the terminal speaks. A locale that the environment names but the machine has not, as after a login from
     * elsewhere, still tells what is at the other end, where the JVM would fall back to ASCII.
     */
    public Charset terminalCharset() {
        String locale = "";
        for (String variable : os == OperatingSystem.WINDOWS ? List.<String>of() : LOCALE_VARIABLES) {
            locale = locale.isEmpty() ? environment(variable).orElse("") : locale;
        }
        String spelled = locale.toLowerCase(Locale.ROOT);
        boolean isUtf8 = spelled.contains("utf-8") || spelled.contains("utf8");
        if (isUtf8) {
            return StandardCharsets.UTF_8;
        }
        Optional<Charset> named = charset(locale);
        if (named.isPresent()) {
            return named.get();
        }
        // The console's, which on Windows is not the system's: its name has been public since JDK 19.
        String console = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding", ""));
        String name = console.isEmpty() ? System.getProperty("native.encoding", "UTF-8") : console;
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }

    /** That of {@code language_TERRITORY.charset@modifier}; empty where none is named, or none that Java knows. */
    private static Optional<Charset> charset(String locale) {
        int dot = locale.indexOf('.');
        int at = locale.indexOf('@', dot + 1);
        String name = dot < 0 ? "" : locale.substring(dot + 1, at < 0 ? locale.length() : at);
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    /**
     * Whether a stream ends at a terminal, as the launcher saw it: the JVM has no answer for one stream alone.
     *
     * @param stream {@code stdout} or {@code stderr}
     */
    public boolean isTerminal(String stream) {
        return System.getProperty("mirrorctl." + stream + ".terminal", "").equals("true");
    }

    /** That of the bytes which Java makes of a file's name, by the locale. */
    static String fileNameEncoding() {
        return System.getProperty("sun.jnu.encoding", "UTF-8");
    }

    /** How to start this program again: the launcher's absolute path, or its bare name where it was not used. */
    public String launcher() {
        return System.getProperty("mirrorctl.launcher", "mirrorctl");
    }

    private static String dockerArchitecture(String jvm) {
        String lower = jvm.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "x86_64", "amd64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case "x86", "i386", "i486", "i586", "i686" -> "386";
            case "loongarch64" -> "loong64";
            default -> lower.startsWith("arm") ? "arm" : lower;
        };
    }
}
