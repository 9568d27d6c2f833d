package io.github.mirrorctl.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The running processes as {@code /proc} shows them; empty on systems without it. Reads afresh at each question. */
public final class ProcessTable {
    /** Red Hat called it {@code dockerd-current}. */
    private static final Set<String> ENGINES = Set.of("dockerd", "dockerd-current");
    /** Before 1.12 the engine was {@code docker daemon}, and before 1.8 {@code docker -d}. */
    private static final Set<String> CLIENTS = Set.of("docker", "docker-current");

    private static final Set<String> CLIENT_AS_ENGINE = Set.of("daemon", "-d");

    /** Of a socket that takes connections, in {@code /proc/net/unix} ({@code __SO_ACCEPTCON} in Linux's {@code net.h}). */
    private static final int LISTENING = 0x10000;
    /** Linux shows a process's start in hundredths of a second on all platforms with an engine (proc(5), {@code USER_HZ}). */
    private static final int MILLIS_A_TICK = 10;
    /** Where a start stands behind the program's name in {@code /proc/PID/stat}, which may hold blanks itself. */
    private static final int START = 19;

    private final Host host;
    private final Path folder;

    public ProcessTable(Host host) {
        this.host = host;
        this.folder = host.path("/proc");
    }

    /**
     * A running engine.
     *
     * @param id of its process
     * @param words program and flags, unquoted
     * @param isService whether systemd runs it as {@code docker.service}
     */
    public record Engine(long id, List<String> words, boolean isService) {
        public Engine {
            words = List.copyOf(words);
        }
    }

    /**
     * The engine that the machine runs. Of several the oldest process counts; those in containers, which have process
     * ids of their own, do not.
     */
    public Optional<Engine> engine() {
        return engines().stream().findFirst();
    }

    /**
     * A user's engine that has the machine's files before it: the one that listens at a socket, else the oldest. Others may
     * run in namespaces of their own, in which the same paths name other files; a service's engine counts all the same,
     * since units could give it a namespace ({@code MountFlags=slave}), and so does one that is always in one.
     *
     * @param socket where the client looks; empty where that is no Unix socket
     * @param isAlwaysApart whether that kind of engine has its own namespace, as a rootless one and a snap's do
     */
    public Optional<Engine> engineOf(String user, Optional<String> socket, boolean isAlwaysApart) {
        List<Engine> own = engines().stream()
                .filter(engine -> owner(engine).map(user::equals).orElse(true))
                .filter(engine -> isAlwaysApart || engine.isService() || !isApart(engine))
                .toList();
        return socket.flatMap(path ->
                        own.stream().filter(engine -> listens(engine, path)).findFirst())
                .or(() -> own.stream().findFirst());
    }

    /** Only root and the engine's own user see its namespace; to others it seems to be in ours. */
    private boolean isApart(Engine engine) {
        Optional<String> ours = target(folder.resolve("self").resolve("ns").resolve("mnt"));
        Optional<String> its = target(process(engine).resolve("ns").resolve("mnt"));
        return ours.isPresent() && its.isPresent() && !its.equals(ours);
    }

    /**
     * The engine that listens at a Unix socket, also where systemd holds that too and gave it to the engine. Only root and
     * the engine's own user see which sockets a process has, so that for others it is empty.
     *
     * @param socket its path on the machine, by any of its names
     */
    public Optional<Engine> listeningAt(String socket) {
        return engines().stream().filter(engine -> listens(engine, socket)).findFirst();
    }

    private boolean listens(Engine engine, String socket) {
        Set<String> open = SmallFiles.in(process(engine).resolve("fd"), "*").stream()
                .flatMap(descriptor -> target(descriptor).stream())
                .collect(Collectors.toSet());
        // The process's own table: a rootless engine lives in another network.
        return text(process(engine).resolve("net").resolve("unix"))
                .lines()
                .skip(1)
                .map(line -> line.strip().split("\\s+", 8))
                .filter(columns -> columns.length == 8 && (Integer.decode("0x" + columns[3]) & LISTENING) != 0)
                .filter(columns -> open.contains("socket:[" + columns[6] + "]"))
                .anyMatch(columns -> isSame(columns[7], socket));
    }

    private boolean isSame(String path, String other) {
        try {
            return path.startsWith("/")
                    && Links.follow(host.path(path), host).equals(Links.follow(host.path(other), host));
        } catch (IOException unreadable) {
            return path.equals(other);
        }
    }

    /** The name of the user an engine runs as, who may send it signals; empty where the system does not tell. */
    public Optional<String> owner(Engine engine) {
        return owner(process(engine));
    }

    /** When an engine was started; empty where the system does not tell. */
    public Optional<Instant> started(Engine engine) {
        String stat = text(process(engine).resolve("stat"));
        String[] columns = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        Optional<Long> boot = text(folder.resolve("stat"))
                .lines()
                .filter(line -> line.matches("btime \\d{1,18}"))
                .map(line -> Long.valueOf(line.substring("btime ".length())))
                .findFirst();
        return columns.length > START && columns[START].matches("\\d{1,15}")
                ? boot.map(seconds ->
                        Instant.ofEpochSecond(seconds).plusMillis(Long.parseLong(columns[START]) * MILLIS_A_TICK))
                : Optional.empty();
    }

    /** The file to which an engine's script sends what the engine says; empty where that is none, such as a pipe. */
    public Optional<Path> log(Engine engine) {
        return target(process(engine).resolve("fd").resolve("2"))
                .filter(target -> target.startsWith("/"))
                .map(host::path)
                .filter(Files::isRegularFile);
    }

    private Path process(Engine engine) {
        return folder.resolve(String.valueOf(engine.id()));
    }

    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException | UnsupportedOperationException gone) {
            return Optional.empty();
        }
    }

    /** The environment with which a process was started; empty where it is not ours to see. */
    public Optional<Map<String, String>> environment(Engine engine) {
        String block = text(process(engine).resolve("environ"));
        if (block.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (String variable : block.split("\0", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                // Of two of one name the first counts, as getenv(3) finds it.
                variables.putIfAbsent(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return Optional.of(variables);
    }

    private List<Engine> engines() {
        List<Engine> engines = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(folder, "[0-9]*")) {
            for (Path process : processes) {
                List<String> words = words(process);
                if (isEngine(words) && !isInContainer(process)) {
                    long id = Long.parseLong(String.valueOf(process.getFileName()));
                    boolean isService =
                            text(process.resolve("cgroup")).lines().anyMatch(line -> line.contains("/docker.service"));
                    engines.add(new Engine(id, words, isService));
                }
            }
        } catch (IOException | DirectoryIteratorException noProcFileSystem) {
            return List.of();
        }
        engines.sort(Comparator.comparingLong(Engine::id));
        return engines;
    }

    /** Empty for a kernel thread, and for a process that ended meanwhile or is not ours to see. */
    private static List<String> words(Path process) {
        String line = text(process.resolve("cmdline"));
        if (line.endsWith("\0")) {
            line = line.substring(0, line.length() - 1);
        }
        // The limit keeps empty words at the end.
        return line.isEmpty() ? List.of() : List.of(line.split("\0", -1));
    }

    private static String text(Path file) {
        try {
            return new String(SmallFiles.read(file), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }

    private static Optional<String> owner(Path process) {
        try {
            return Optional.of(Files.getOwner(process).getName());
        } catch (IOException | UnsupportedOperationException unknown) {
            return Optional.empty();
        }
    }

    /** A process has an id in every namespace down to its own (proc(5), {@code NSpid}). */
    private static boolean isInContainer(Path process) {
        return text(process.resolve("status"))
                .lines()
                .filter(line -> line.startsWith("NSpid:"))
                .anyMatch(line -> line.strip().split("\\s+").length > 2);
    }

    private static boolean isEngine(List<String> words) {
        if (words.isEmpty()) {
            return false;
        }
        String program = words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
        return ENGINES.contains(program)
                || (CLIENTS.contains(program) && words.size() > 1 && CLIENT_AS_ENGINE.contains(words.get(1)));
    }
}
