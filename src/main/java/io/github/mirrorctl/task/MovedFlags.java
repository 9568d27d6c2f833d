package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.daemon.MirrorEntry;
import io.github.mirrorctl.daemon.UnifiedDiff;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.Backup;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.Replacements;
import io.github.mirrorctl.platform.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The mirrors that are given as flags, and the files as they are once those flags have left them.
 *
 * @param mirrors in the order in which the engine receives them
 * @param unitChanges whether one of the files is a unit or a drop-in, which systemd has to read again
 */
public record MovedFlags(List<FlagFile> files, List<MirrorEntry> mirrors, boolean unitChanges) {
    static final MovedFlags NONE = new MovedFlags(List.of(), List.of(), false);

    /**
     * A file that loses flags, or a drop-in that takes them from a package's unit.
     *
     * @param content its bytes as they would be
     */
    public record FlagFile(Snapshot before, byte[] content) {
        public Path path() {
            return before.path();
        }

        String diff() {
            FileText old = FileText.of(before.content().orElse(new byte[0]));
            String changed = new String(content, old.charset());
            return UnifiedDiff.of(path().toString(), before.content().isPresent(), old.text(), changed);
        }
    }

    public MovedFlags {
        files = List.copyOf(files);
        mirrors = List.copyOf(mirrors);
    }

    public boolean isEmpty() {
        return files.isEmpty();
    }

    /**
     * Plans the move. What the engine would be started with afterwards is worked out again, and must be the same but for
     * these flags.
     *
     * @throws io.github.mirrorctl.fault.Fault where a flag is not in a file, or cannot be taken out of it
     */
    static MovedFlags of(Installation installation, FlagConflicts conflicts, ConfigStore store) {
        if (conflicts.inFiles().isEmpty()) {
            conflicts.require();
            return NONE;
        }
        DaemonArguments now = installation.start().service();
        Map<Path, byte[]> edits = now.without(DaemonCommand.REGISTRY_MIRROR);
        DaemonArguments then = now.with(edits);
        List<String> wanted =
                now.commandLine().without(Set.of(DaemonCommand.REGISTRY_MIRROR)).texts();
        if (!then.commandLine().texts().equals(wanted)) {
            throw conflicts.fault(conflicts.inFiles().stream()
                    .map(flag -> Problem.error("flag-not-movable", flag.place(), flag.text()))
                    .toList());
        }
        List<FlagFile> files = new ArrayList<>();
        edits.forEach((path, content) -> {
            // Somebody may have written it since, and must not lose that: the write compares with this.
            Snapshot before = store.read(path).with(now.content(path));
            if (!Arrays.equals(content, before.content().orElse(null))) {
                files.add(new FlagFile(before, content));
            }
        });
        List<MirrorEntry> mirrors = conflicts.inFiles().stream()
                .map(flag -> new MirrorEntry(flag.text(), flag.place()))
                .toList();
        boolean unitChanges = files.stream().anyMatch(file -> now.isUnit(file.path()));
        return new MovedFlags(files, mirrors, unitChanges);
    }

    /** The write that was killed between two files, if the last one was: flags have left their files and are in none. */
    static Optional<Problem> interrupted(Installation installation, ConfigStore store) {
        Path main = installation.target().file();
        Replacements replacements = new Replacements(store);
        Optional<Backup> newest = store.backups(main).stream().findFirst();
        boolean isUnwritten = newest.filter(
                        backup -> replacements.isAsKept(main, backup) && !replacements.isAsWritten(main, backup))
                .isPresent();
        if (!isUnwritten) {
            return Optional.empty();
        }
        Map<Path, Backup> others = replacements.companions(
                newest.get(), installation.start().service().folders());
        List<String> written = others.entrySet().stream()
                .filter(other -> replacements.isAsWritten(other.getKey(), other.getValue()))
                .map(other -> other.getKey().toString())
                .toList();
        return written.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.of(
                        "move-interrupted",
                        Severity.WARNING,
                        String.join(", ", written),
                        main.toString(),
                        newest.get().id(),
                        installation.options()));
    }
}
