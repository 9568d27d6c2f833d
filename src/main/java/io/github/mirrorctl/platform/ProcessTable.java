package io.github.mirrorctl.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The running processes as {@code /proc} shows them; empty on systems without it. Reads afresh at each question. */
public final class ProcessTable {
    private final Path folder;

    public ProcessTable(Host host) {
        this.folder = host.path("/proc");
    }

    /**
     * The command line of the running engine: program and flags, unquoted, one word each. Of several engines the oldest
     * process counts: one that runs inside a container is younger than the engine that started it.
     */
    public Optional<List<String>> engineCommand() {
        TreeMap<Long, List<String>> engines = new TreeMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(folder, "[0-9]*")) {
            for (Path process : processes) {
                List<String> words = words(process);
                if (isEngine(words)) {
                    engines.put(Long.parseLong(String.valueOf(process.getFileName())), words);
                }
            }
        } catch (IOException noProcFileSystem) {
            return Optional.empty();
        }
        return engines.values().stream().findFirst();
    }

    /** Empty for a kernel thread, and for a process that ended meanwhile or is not ours to see. */
    private static List<String> words(Path process) {
        try {
            String line = new String(SmallFiles.read(process.resolve("cmdline")), StandardCharsets.UTF_8);
            if (line.endsWith("\0")) {
                line = line.substring(0, line.length() - 1);
            }
            // The limit keeps empty words at the end.
            return line.isEmpty() ? List.of() : List.of(line.split("\0", -1));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** Before 1.12 the engine was {@code docker daemon}, and before 1.8 {@code docker -d}. */
    private static boolean isEngine(List<String> words) {
        if (words.isEmpty()) {
            return false;
        }
        String program = words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
        return program.equals("dockerd")
                || (program.equals("docker")
                        && words.size() > 1
                        && Stream.of("daemon", "-d").anyMatch(words.get(1)::equals));
    }
}
