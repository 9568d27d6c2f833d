package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.Host;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files that may hold an engine's flags, as they were when they were read.
 *
 * @param contents what was there, by the path
 * @param unreadable what this user may not read
 */
record FlagFiles(Map<Path, byte[]> contents, List<Path> unreadable) {
    FlagFiles {
        contents = Map.copyOf(contents);
        unreadable = List.copyOf(unreadable);
    }

    /** @param unreadable what could not be read before */
    static FlagFiles read(Host host, List<Path> files, List<Path> unreadable) {
        Map<Path, byte[]> contents = new LinkedHashMap<>();
        List<Path> refused = new ArrayList<>(unreadable);
        for (Path file : files) {
            try {
                host.read(file).ifPresent(content -> contents.put(file, content));
            } catch (Fault notForUs) {
                refused.add(file);
            }
        }
        return new FlagFiles(contents, refused);
    }

    Optional<byte[]> content(Path file) {
        return Optional.ofNullable(contents.get(file)).map(byte[]::clone);
    }

    /** The same with other contents; what could not be read is no concern of these. */
    FlagFiles with(Map<Path, byte[]> edits) {
        Map<Path, byte[]> changed = new LinkedHashMap<>(contents);
        changed.putAll(edits);
        return new FlagFiles(changed, List.of());
    }

    /** That flags in a file are unknown, once for each that could not be read. */
    List<Problem> unknown() {
        return unreadable.stream()
                .distinct()
                .map(file -> Problem.of("flags-unknown", Severity.WARNING, file.toString()))
                .toList();
    }
}
