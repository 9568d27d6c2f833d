package io.github.mirrorctl.platform;

import io.github.mirrorctl.fault.Fault;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds a systemd service and its drop-ins as systemd does: the unit in the first folder of the search path that has one,
 * the drop-ins of all folders sorted by name, the first folder's where two have one name (systemd.unit(5), "Unit File
 * Load Path" and the description of drop-in files). Immutable; reads afresh at each question.
 */
public final class UnitFolder {
    /** As {@code systemd-analyze unit-paths} of systemd 252 lists them. */
    private static final List<String> OF_SYSTEM = List.of(
            "/etc/systemd/system.control",
            "/run/systemd/system.control",
            "/run/systemd/transient",
            "/run/systemd/generator.early",
            "/etc/systemd/system",
            "/etc/systemd/system.attached",
            "/run/systemd/system",
            "/run/systemd/system.attached",
            "/run/systemd/generator",
            "/usr/local/lib/systemd/system",
            "/lib/systemd/system",
            "/usr/lib/systemd/system",
            "/run/systemd/generator.late");

    /** Whose files a package, a generator or a program writes anew whenever it likes. */
    private static final List<String> OTHERS_OWN = List.of(
            "/lib/systemd",
            "/usr/lib/systemd",
            "/usr/share/systemd",
            "/run/systemd/transient",
            "/run/systemd/generator",
            "/run/systemd/generator.early",
            "/run/systemd/generator.late");

    private final Host host;
    private final List<String> searchPath;
    private final String ownFolder;

    private UnitFolder(Host host, List<String> searchPath, String ownFolder) {
        this.host = host;
        this.searchPath = List.copyOf(searchPath);
        this.ownFolder = ownFolder;
    }

    /** The services of the machine. */
    public static UnitFolder ofSystem(Host host) {
        return new UnitFolder(host, OF_SYSTEM, "/etc/systemd/system");
    }

    /** The services of the user who runs this program, such as a rootless engine. */
    public static UnitFolder ofUser(Host host) {
        String config = host.xdgFolder("XDG_CONFIG_HOME", host.homeFolder() + "/.config") + "/systemd/";
        Optional<String> runtime = host.environment("XDG_RUNTIME_DIR").map(folder -> folder + "/systemd/");
        List<String> paths = new ArrayList<>();
        paths.add(config + "user.control");
        runtime.ifPresent(folder ->
                Stream.of("user.control", "transient", "generator.early").forEach(name -> paths.add(folder + name)));
        paths.add(config + "user");
        listed(host, "XDG_CONFIG_DIRS", "/etc/xdg").forEach(folder -> paths.add(folder + "/systemd/user"));
        paths.add("/etc/systemd/user");
        runtime.ifPresent(folder -> paths.add(folder + "user"));
        paths.add("/run/systemd/user");
        runtime.ifPresent(folder -> paths.add(folder + "generator"));
        paths.add(host.xdgFolder("XDG_DATA_HOME", host.homeFolder() + "/.local/share") + "/systemd/user");
        listed(host, "XDG_DATA_DIRS", "/usr/local/share:/usr/share")
                .forEach(folder -> paths.add(folder + "/systemd/user"));
        paths.add("/usr/local/lib/systemd/user");
        paths.add("/usr/lib/systemd/user");
        runtime.ifPresent(folder -> paths.add(folder + "generator.late"));
        return new UnitFolder(host, paths, config + "user");
    }

    private static List<String> listed(Host host, String variable, String usual) {
        return Stream.of(host.environment(variable).orElse(usual).split(":", -1))
                .filter(folder -> folder.startsWith("/"))
                .toList();
    }

    /**
     * A file of a service.
     *
     * @param file where it was found
     * @param changeable whether it is its owner's to change; otherwise a drop-in must say what it shall say
     */
    public record Part(Path file, byte[] content, boolean changeable) {}

    /**
     * A service as its files describe it.
     *
     * @param parts the unit, then its drop-ins, in the order in which they apply; empty where there is no such unit, or
     *     where it is masked
     * @param unreadable the files that this user may not read
     */
    public record Service(List<Part> parts, List<Path> unreadable) {
        public Service {
            parts = List.copyOf(parts);
            unreadable = List.copyOf(unreadable);
        }
    }

    /**
     * Reads a service.
     *
     * @param unit its name, such as {@code docker.service}
     */
    public Service read(String unit) {
        List<Part> parts = new ArrayList<>();
        List<Path> unreadable = new ArrayList<>();
        Optional<Path> file = searchPath.stream()
                .map(folder -> host.path(folder + "/" + unit))
                .filter(UnitFolder::exists)
                .findFirst();
        file.ifPresent(found -> add(found, parts, unreadable));
        if (!parts.isEmpty()) {
            dropIns(unit).forEach(found -> add(found, parts, unreadable));
        }
        return new Service(parts, unreadable);
    }

    /** A drop-in of the owner's that is not there yet and that applies after all others. */
    public Path newDropIn(String unit) {
        String name = "mirrorctl.conf";
        for (Path dropIn : dropIns(unit)) {
            String other = String.valueOf(dropIn.getFileName());
            if (other.compareTo(name) >= 0) {
                name = other.replaceAll("conf$", "mirrorctl.conf");
            }
        }
        return host.path(ownFolder + "/" + unit + ".d/" + name);
    }

    /** The folders in which this service's files may lie. */
    public List<Path> folders(String unit) {
        return searchPath.stream()
                .flatMap(folder -> Stream.of(folder, folder + "/" + unit + ".d", folder + "/service.d"))
                .map(host::path)
                .toList();
    }

    /** A masked file stands for nothing: it is empty, or a link to {@code /dev/null}. */
    private void add(Path file, List<Part> parts, List<Path> unreadable) {
        try {
            Path real = Links.follow(file, host);
            if (real.equals(host.path("/dev/null"))) {
                return;
            }
            byte[] content = host.read(real).orElseGet(() -> new byte[0]);
            if (content.length > 0) {
                parts.add(new Part(file, content, isChangeable(real)));
            }
        } catch (IOException | Fault notForUs) {
            unreadable.add(file);
        }
    }

    private boolean isChangeable(Path real) {
        return OTHERS_OWN.stream().map(host::path).noneMatch(real::startsWith)
                && host.environment("XDG_RUNTIME_DIR")
                        .map(folder -> host.path(folder + "/systemd"))
                        .filter(real::startsWith)
                        .isEmpty();
    }

    /** Those for this service come before those for every service, where two have one name. */
    private List<Path> dropIns(String unit) {
        Map<String, Path> byName = new TreeMap<>();
        for (String kind : List.of(unit, "service")) {
            for (String folder : searchPath) {
                for (Path file : confFiles(host.path(folder + "/" + kind + ".d"))) {
                    byName.putIfAbsent(String.valueOf(file.getFileName()), file);
                }
            }
        }
        return List.copyOf(byName.values());
    }

    private static List<Path> confFiles(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "[!.]*.conf")) {
            for (Path entry : entries) {
                if (!Files.isDirectory(entry)) {
                    files.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A folder that is not there, or may not be read, has no drop-ins for us.
            return List.of();
        }
        return files;
    }

    /** A link that leads nowhere is there too: it masks what lies in later folders. */
    private static boolean exists(Path file) {
        return Files.exists(file) || Files.isSymbolicLink(file);
    }
}
