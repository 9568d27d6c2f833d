package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.platform.Backup;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Replacements;
import io.github.mirrorctl.platform.Written;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts a file back as it was before one of our writes, byte for byte, mode and owner included. */
public final class RestoreTask {
    private final Host host;
    private final ConfigStore store;
    private final Replacements replacements;
    private final Clock clock;

    public RestoreTask(Host host, Clock clock) {
        this.host = host;
        this.store = new ConfigStore(host);
        this.replacements = new Replacements(store);
        this.clock = clock;
    }

    /**
     * A backup and what it holds.
     *
     * @param mirrors as spelled there; empty where there was no file, or none that can be understood
     */
    public record Kept(Backup backup, List<String> mirrors) {}

    /**
     * The backups of an installation's file, newest first.
     *
     * @param restored the one that was asked for; empty where only the list was
     * @param written empty where nothing was, since the file was as the backup has it already
     * @param flagFiles the files with flags that were written together with this one and were put back with it
     * @param needsRestart whether a reload would keep the mirrors that run, since the file no longer speaks of any
     * @param isBroken whether no engine would start with the file, as with the one that was repaired
     */
    public record Report(
            Installation installation,
            List<Kept> backups,
            Optional<Backup> restored,
            Optional<Written> written,
            List<Written> flagFiles,
            boolean needsRestart,
            boolean isBroken) {

        public Report {
            backups = List.copyOf(backups);
            flagFiles = List.copyOf(flagFiles);
        }

        /** What makes the engine take what was put back; none where nothing was, or it could not. */
        public List<String> commands() {
            if (written.isEmpty() || isBroken) {
                return List.of();
            }
            boolean unitChanges = flagFiles.stream().anyMatch(file -> isUnit(file.file()));
            return installation.commands(needsRestart || !flagFiles.isEmpty(), unitChanges);
        }

        private static boolean isUnit(Path file) {
            String name = String.valueOf(file.getFileName());
            return name.endsWith(".service") || name.endsWith(".conf");
        }
    }

    /** The backups alone. */
    public Report list(Installation.Hints hints) {
        Installation installation = Installation.find(host, hints);
        return new Report(
                installation, kept(installation), Optional.empty(), Optional.empty(), List.of(), false, false);
    }

    /**
     * Restores a backup.
     *
     * @param id empty for the newest
     * @param force even where the file changed since our write
     * @throws Fault {@link FaultCode#NO_SUCH_BACKUP}, {@link FaultCode#BACKUP_CHANGED_SINCE}, or what keeps the file
     *     from being written
     */
    public Report restore(Installation.Hints hints, Optional<String> id, boolean force) throws InterruptedException {
        Installation installation = Installation.find(host, hints);
        try {
            return restore(installation, id, force);
        } catch (Fault fault) {
            throw fault.meaning(installation.options());
        }
    }

    private Report restore(Installation installation, Optional<String> id, boolean force) throws InterruptedException {
        List<Kept> kept = kept(installation);
        String file = installation.target().file().toString();
        Backup backup = kept.stream()
                .map(Kept::backup)
                .filter(candidate -> id.map(candidate.id()::equals).orElse(true))
                .findFirst()
                .orElseThrow(() -> id.map(wanted -> new Fault(FaultCode.NO_SUCH_BACKUP, file, wanted))
                        .orElseGet(() -> new Fault(FaultCode.NO_BACKUPS, file)));
        Optional<EngineFile> old = parsed(backup, installation);
        boolean isBroken = old.map(EngineFile::isBroken).orElse(!backup.absent());
        boolean needsRestart = !isBroken && !old.map(EngineFile::hasMirrors).orElse(false);
        Map<Path, Backup> flagFiles =
                replacements.companions(backup, installation.start().service().folders());
        List<Written> written = flagFiles.isEmpty()
                ? store.restore(installation.target().file(), backup, force, clock.instant()).stream()
                        .toList()
                : restoreAll(installation.target().file(), backup, flagFiles, force);
        // Nothing that could fail may follow: the file is back.
        List<Kept> now = written.stream()
                .limit(1)
                .map(Written::backup)
                .map(latest -> new Kept(latest, mirrors(latest, installation)))
                .collect(Collectors.toCollection(ArrayList::new));
        now.addAll(kept);
        return new Report(
                installation,
                now,
                Optional.of(backup),
                written.stream().findFirst(),
                written.stream().skip(1).toList(),
                needsRestart,
                isBroken);
    }

    /** The file first: an engine that is started before the flags are back runs without mirrors, else it would not start. */
    private List<Written> restoreAll(Path file, Backup backup, Map<Path, Backup> flagFiles, boolean force)
            throws InterruptedException {
        Map<Path, Backup> all = new LinkedHashMap<>();
        all.put(file, backup);
        all.putAll(flagFiles);
        List<Replacements.Change> changes = new ArrayList<>();
        boolean isBack = true;
        for (Map.Entry<Path, Backup> one : all.entrySet()) {
            Path path = one.getKey();
            boolean isKept = replacements.isAsKept(path, one.getValue());
            if (!force && !isKept && !replacements.isAsWritten(path, one.getValue())) {
                throw new Fault(FaultCode.BACKUP_CHANGED_SINCE, path.toString(), backup.id());
            }
            isBack &= isKept;
            changes.add(Replacements.Change.back(store.read(path), one.getValue()));
        }
        return isBack ? List.of() : replacements.carryOut(changes, clock.instant());
    }

    private List<Kept> kept(Installation installation) {
        return store.backups(installation.target().file()).stream()
                .map(backup -> new Kept(backup, mirrors(backup, installation)))
                .toList();
    }

    private List<String> mirrors(Backup backup, Installation installation) {
        return parsed(backup, installation).map(EngineFile::mirrors).orElse(List.of());
    }

    /** Empty where there was no file, or none that can be understood: a backup of a broken file is still a backup. */
    private Optional<EngineFile> parsed(Backup backup, Installation installation) {
        try {
            return store.content(backup).map(content -> EngineFile.parse(content, installation, false));
        } catch (Fault unreadable) {
            return Optional.empty();
        }
    }
}
