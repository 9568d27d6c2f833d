package io.github.mirrorctl.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The running processes as {@code /proc} shows them; empty on systems without it. Reads afresh at each question. */
public final class ProcessTable {
    /** Red Hat called it {@code dockerd-current}. */
    private static final Set<String> ENGINES = Set.of("dockerd", "dockerd-current");
    /** Before 1.12 the engine was {@code docker daemon}, and before 1.8 {@code docker -d}. */
    private static final Set<String> CLIENTS = Set.of("docker", "docker-current");

    private static final Set<String> CLIENT_AS_ENGINE = Set.of("daemon", "-d");

    private final Path folder;

    public ProcessTable(Host host) {
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

    /** The rootless engine of a user; of several the oldest process. */
    public Optional<Engine> engineOf(String user) {
        return engines().stream()
                .filter(engine -> owner(folder.resolve(String.valueOf(engine.id())))
                        .map(user::equals)
                        .orElse(true))
                .findFirst();
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
