package io.github.mirrorctl.platform;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Replaces several files that only make sense together: all of them or none. Each is replaced as {@link ConfigStore} does
 * it, and their backups share one id, so that one {@code restore} undoes them all.
 *
 * <p>All new files are complete, and all backups are made, before the first file is replaced; what remains is one rename
 * for each. If one fails, those before it are taken back. A run that is killed in between leaves backups of all the files,
 * and what has been replaced is told from what has not by the fingerprint in the backup's name.
 */
public final class Replacements {
    private final ConfigStore store;
    private final Consumer<Path> beforeRename;

    public Replacements(ConfigStore store) {
        this(store, file -> {});
    }

    /** @param beforeRename told of each file right before it is replaced */
    Replacements(ConfigStore store, Consumer<Path> beforeRename) {
        this.store = store;
        this.beforeRename = beforeRename;
    }

    /**
     * What shall become of one file.
     *
     * @param before what it was when that was decided
     * @param content the new content; empty where a backup is put back
     * @param backup the backup that is put back, with its mode and owner
     */
    public record Change(Snapshot before, Optional<byte[]> content, Optional<Backup> backup) {

        public static Change to(Snapshot before, byte[] content) {
            return new Change(before, Optional.of(content), Optional.empty());
        }

        public static Change back(Snapshot before, Backup backup) {
            return new Change(before, Optional.empty(), Optional.of(backup));
        }
    }

    /** A file that is ready to be replaced; {@code next} is empty where it will be deleted. */
    private record Prepared(
            Snapshot before, Optional<Path> next, Optional<Path> back, String nextHash, WorkFolder work) {
        Path real() {
            return before.realPath();
        }
    }

    /**
     * Carries out the changes in their order. A change that leaves the content as it is gets a backup like the others.
     *
     * @param now names the backups
     * @return what was written, in the same order
     * @throws Fault {@link FaultCode#CONFIG_CHANGED} or {@link FaultCode#CANNOT_WRITE}, with every file as it was; only
     *     after {@link FaultCode#NOT_ROLLED_BACK} some are changed, and their backups stay
     */
    public List<Written> carryOut(List<Change> changes, Instant now) throws InterruptedException {
        Deque<WorkFolder> open = new ArrayDeque<>();
        List<Path> madeFolders = new ArrayList<>();
        boolean done = false;
        try {
            List<Prepared> prepared = new ArrayList<>();
            for (Change change : changes) {
                prepared.add(store.changing(change.before().path(), () -> prepare(change, open, madeFolders)));
            }
            List<Backup> backups = keepAll(prepared, now);
            putAll(prepared, backups);
            done = true;
            List<Written> written = new ArrayList<>();
            for (int i = 0; i < prepared.size(); i++) {
                store.forceFolder(Folders.parent(prepared.get(i).real()));
                written.add(new Written(prepared.get(i).real(), backups.get(i)));
            }
            return written;
        } finally {
            while (!open.isEmpty()) {
                open.pop().close();
            }
            if (!done) {
                madeFolders.forEach(Replacements::deleteIfEmpty);
            }
        }
    }

    private Prepared prepare(Change change, Deque<WorkFolder> open, List<Path> madeFolders)
            throws IOException, InterruptedException {
        Snapshot before = change.before();
        Path folder = Folders.parent(before.realPath());
        if (!Files.exists(folder)) {
            Folders.create(folder);
            madeFolders.add(folder);
        }
        WorkFolder work = WorkFolder.open(before.realPath(), store.lockWait());
        open.push(work);
        Snapshot present = store.snapshot(before.path());
        if (!present.hasContentOf(before) || !present.realPath().equals(before.realPath())) {
            throw new Fault(FaultCode.CONFIG_CHANGED, before.path().toString());
        }
        store.requireReplaceable(present);
        Optional<Path> back = Optional.empty();
        if (present.content().isPresent()) {
            back = Optional.of(work.file("back"));
            Copies.copy(present.realPath(), back.get());
            Copies.force(back.get());
        }
        if (change.content().isPresent()) {
            byte[] content = change.content().get();
            Path next = ConfigStore.prepare(work, present, content);
            return new Prepared(present, Optional.of(next), back, Fingerprint.of(content), work);
        }
        Backup source = change.backup().orElseThrow();
        if (source.absent()) {
            return new Prepared(present, Optional.empty(), back, Fingerprint.ABSENT, work);
        }
        Path next = work.file("new");
        Copies.copy(source.file(), next);
        Copies.force(next);
        return new Prepared(present, Optional.of(next), back, Fingerprint.of(SmallFiles.read(next)), work);
    }

    private List<Backup> keepAll(List<Prepared> files, Instant now) throws InterruptedException {
        List<Backup> backups = new ArrayList<>();
        try {
            Instant time = now;
            for (Prepared file : files) {
                Instant unused = store.changing(file.before().path(), () -> Backups.unusedTime(file.real(), now));
                time = unused.isAfter(time) ? unused : time;
            }
            Instant common = time;
            for (Prepared file : files) {
                backups.add(store.changing(file.before().path(), () -> {
                    Backup backup = ConfigStore.keep(file.before(), file.nextHash(), file.work(), common);
                    store.forceFolder(Folders.parent(file.real()));
                    return backup;
                }));
            }
            return backups;
        } finally {
            if (backups.size() < files.size()) {
                delete(backups);
            }
        }
    }

    private void putAll(List<Prepared> files, List<Backup> backups) throws InterruptedException {
        int at = 0;
        try {
            for (Prepared file : files) {
                boolean isFirst = at == 0;
                store.changing(file.before().path(), () -> {
                    // Once the first file is replaced, the others have to follow.
                    if (isFirst && Thread.currentThread().isInterrupted()) {
                        throw new ClosedByInterruptException();
                    }
                    beforeRename.accept(file.before().path());
                    ConfigStore.put(file.next(), file.real());
                    return file;
                });
                at++;
            }
        } catch (Fault | InterruptedException failure) {
            List<String> changed = takeBack(files.subList(0, at));
            if (!changed.isEmpty() && failure instanceof Fault fault) {
                List<String> arguments = new ArrayList<>(fault.arguments());
                arguments.add(String.join(", ", changed));
                arguments.add(backups.get(0).id());
                throw new Fault(FaultCode.NOT_ROLLED_BACK, arguments.toArray(String[]::new)).causedBy(fault);
            }
            delete(backups);
            throw failure;
        }
    }

    /** Puts back what was there; returns the files with which that failed. */
    private static List<String> takeBack(List<Prepared> replaced) {
        List<String> failed = new ArrayList<>();
        for (int i = replaced.size() - 1; i >= 0; i--) {
            Prepared file = replaced.get(i);
            try {
                ConfigStore.put(file.back(), file.real());
            } catch (IOException stuck) {
                failed.add(file.before().path().toString());
            }
        }
        return failed;
    }

    private static void delete(List<Backup> backups) {
        for (Backup backup : backups) {
            try {
                Files.deleteIfExists(backup.file());
            } catch (IOException leftBehind) {
                // A backup too many does no harm.
            }
        }
    }

    private static void deleteIfEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException inUse) {
            // Somebody else has put a file there.
        }
    }

    /**
     * Takes writes back as if they had never been: the files are as they were, and the backups of the writes are gone.
     *
     * @param written each file once, in the order in which they are put back
     * @throws Fault {@link FaultCode#CONFIG_CHANGED} where one of the files is no longer what was written, so that
     *     somebody else's change would be lost; otherwise as {@link #carryOut}. All are as they were then.
     */
    public void undo(List<Written> written, Instant now) throws InterruptedException {
        List<Change> changes = new ArrayList<>();
        for (Written one : written) {
            Snapshot present = store.read(one.file());
            if (!present.fingerprint().equals(one.backup().writtenHash())) {
                throw new Fault(FaultCode.CONFIG_CHANGED, one.file().toString());
            }
            changes.add(Change.back(present, one.backup()));
        }
        List<Written> undone = carryOut(changes, now);
        delete(undone.stream().map(Written::backup).toList());
        delete(written.stream().map(Written::backup).toList());
    }

    /**
     * The other files that were replaced together with one, and their backups.
     *
     * @param folders where they may lie
     * @param backup of the one
     * @throws Fault {@link FaultCode#CANNOT_READ}
     */
    public Map<Path, Backup> companions(Backup backup, Collection<Path> folders) {
        Map<Path, Backup> found = new TreeMap<>();
        for (Path folder : folders) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.mirrorctl-" + backup.id() + "-*")) {
                for (Path file : files) {
                    String name = String.valueOf(file.getFileName());
                    Path config = file.resolveSibling(name.substring(0, name.lastIndexOf(".mirrorctl-")));
                    Backup.parse(config, file)
                            .filter(one -> !one.file().equals(backup.file()))
                            .ifPresent(one -> found.put(config, one));
                }
            } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException none) {
                // Not every folder is there, or for everybody to see.
            } catch (IOException failure) {
                throw SmallFiles.cannotRead(folder, failure);
            }
        }
        return found;
    }

    /** Whether a file is now what the write that made this backup left. */
    public boolean isAsWritten(Path file, Backup backup) {
        return store.read(file).fingerprint().equals(backup.writtenHash());
    }

    /** Whether a file is now as it is in the backup. */
    public boolean isAsKept(Path file, Backup backup) {
        String kept = store.content(backup).map(Fingerprint::of).orElse(Fingerprint.ABSENT);
        return store.read(file).fingerprint().equals(kept);
    }
}
