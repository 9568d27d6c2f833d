package io.github.mirrorctl.platform;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads and replaces a configuration file so that at any moment, even when killed, either the old file or the new one
 * exists. A replacement keeps mode, owner, ACL and security label, goes through links, and leaves a backup.
 *
 * <p>Two kinds of files are refused since a rename would not do them justice: one with a second hard link, whose other
 * name would keep the old content, and one that is itself a mount point.
 *
 * <p>Two runs of this program wait for one another. Another program's write between our comparison and our rename, a
 * few milliseconds, goes unnoticed.
 *
 * <p>Safe for use by several threads. An interrupt stops a write before the rename, never after it.
 */
public final class ConfigStore {
    /** Fifty runs at once on two cores are all done in half of this. */
    private static final Duration LOCK_WAIT = Duration.ofMinutes(1);

    /** A failed write with less than this left, and room for three copies of the file, failed for want of space. */
    private static final long SPARE_BYTES = 64 << 10;

    private final Host host;
    private final Duration lockWait;

    public ConfigStore(Host host) {
        this(host, LOCK_WAIT);
    }

    Duration lockWait() {
        return lockWait;
    }

    ConfigStore(Host host, Duration lockWait) {
        this.host = host;
        this.lockWait = lockWait;
    }

    /**
     * The file as it is now. A link to nothing counts as an absent file.
     *
     * @throws Fault {@link FaultCode#CANNOT_READ}
     */
    public Snapshot read(Path path) {
        try {
            return snapshot(path);
        } catch (IOException failure) {
            throw SmallFiles.cannotRead(path, failure);
        }
    }

    /**
     * Does all of a replacement but the replacing, and leaves nothing behind.
     *
     * @throws Fault {@link FaultCode#CANNOT_WRITE} where a write would be refused
     */
    public void requireWritable(Path path) throws InterruptedException {
        changing(path, () -> {
            Snapshot now = snapshot(path);
            Path parent = Folders.parent(now.realPath());
            Path existing = Folders.nearestExisting(parent);
            if (existing.equals(parent)) {
                try (WorkFolder work = WorkFolder.open(now.realPath(), lockWait)) {
                    requireReplaceable(now);
                    prepare(work, now, now.content().orElseGet(() -> new byte[0]));
                }
            } else if (!Files.isWritable(existing)) {
                throw new AccessDeniedException(existing.toString());
            }
            return now;
        });
    }

    /**
     * Writes new content. Missing folders are created with mode 0755, a missing file with 0644.
     *
     * @param before what the content was derived from
     * @param content must differ from what is there
     * @param now names the backup
     * @throws Fault {@link FaultCode#CONFIG_CHANGED} where the file is no longer as in {@code before};
     *     {@link FaultCode#CANNOT_WRITE}
     */
    public Written replace(Snapshot before, byte[] content, Instant now) throws InterruptedException {
        if (before.content().filter(old -> Arrays.equals(old, content)).isPresent()) {
            throw new IllegalArgumentException("the new content is the old: " + before.path());
        }
        return changing(before.path(), () -> {
            Folders.create(Folders.parent(before.realPath()));
            try (WorkFolder work = WorkFolder.open(before.realPath(), lockWait)) {
                Snapshot present = unchanged(before);
                Path next = prepare(work, present, content);
                return swap(present, Optional.of(next), Fingerprint.of(content), work, now);
            }
        });
    }

    /**
     * The same without a backup, for a file that only this program reads.
     *
     * @throws Fault as {@link #replace} does
     */
    public void replaceWithoutBackup(Snapshot before, byte[] content) throws InterruptedException {
        changing(before.path(), () -> {
            Path folder = Folders.parent(before.realPath());
            Folders.create(folder);
            try (WorkFolder work = WorkFolder.open(before.realPath(), lockWait)) {
                Snapshot present = unchanged(before);
                put(Optional.of(prepare(work, present, content)), present.realPath());
                forceFolder(folder);
                return present;
            }
        });
    }

    /** The file as it is now, which has to be as it was, and such that a rename can replace it. */
    private Snapshot unchanged(Snapshot before) throws IOException {
        Snapshot present = snapshot(before.path());
        if (!present.hasContentOf(before) || !present.realPath().equals(before.realPath())) {
            throw new Fault(FaultCode.CONFIG_CHANGED, before.path().toString());
        }
        requireReplaceable(present);
        return present;
    }

    /**
     * The backups of a file, newest first; empty where there are none.
     *
     * @throws Fault {@link FaultCode#CANNOT_READ}
     */
    public List<Backup> backups(Path path) {
        try {
            return Backups.of(Links.follow(path, host));
        } catch (IOException failure) {
            throw SmallFiles.cannotRead(path, failure);
        }
    }

    /**
     * When a file was last changed by somebody else; empty where there is no file, or where it is as the last write of
     * ours left it.
     */
    public Optional<Instant> changedByOthers(Path path) {
        try {
            Path real = Links.follow(path, host);
            String present = snapshot(path).fingerprint();
            boolean isOurs = Backups.of(real).stream()
                    .findFirst()
                    .filter(newest -> newest.writtenHash().equals(present))
                    .isPresent();
            return isOurs
                    ? Optional.empty()
                    : Optional.of(Files.getLastModifiedTime(real).toInstant());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** The file behind all links; the path itself where they cannot be followed. */
    public Path behindLinks(Path path) {
        try {
            return Links.follow(path, host);
        } catch (IOException unreadable) {
            return path;
        }
    }

    /**
     * What a backup holds; empty where it says that there was no file.
     *
     * @throws Fault {@link FaultCode#CANNOT_READ}
     */
    public Optional<byte[]> content(Backup backup) {
        try {
            return backup.absent() ? Optional.empty() : Optional.of(SmallFiles.read(backup.file()));
        } catch (IOException failure) {
            throw SmallFiles.cannotRead(backup.file(), failure);
        }
    }

    /**
     * Puts a backup back with its mode and owner, or deletes the file where the backup says that there was none. What
     * is there now becomes a backup first, so a restore is undone by another.
     *
     * @param force also where the file is no longer what the write that made the backup left
     * @return empty where the file is as the backup has it already, and nothing was done
     * @throws Fault {@link FaultCode#BACKUP_CHANGED_SINCE}; {@link FaultCode#CANNOT_READ};
     *     {@link FaultCode#CANNOT_WRITE}
     */
    public Optional<Written> restore(Path path, Backup backup, boolean force, Instant now) throws InterruptedException {
        Optional<byte[]> content = content(backup);
        return changing(path, () -> {
            Path real = Links.follow(path, host);
            try (WorkFolder work = WorkFolder.open(real, lockWait)) {
                Snapshot present = snapshot(path);
                String wanted = content.map(Fingerprint::of).orElse(Fingerprint.ABSENT);
                boolean hasContent = present.fingerprint().equals(wanted);
                if (hasContent && (content.isEmpty() || present.hasModeAndOwnerOf(snapshot(backup.file())))) {
                    return Optional.empty();
                }
                if (!hasContent && !force && !present.fingerprint().equals(backup.writtenHash())) {
                    throw new Fault(FaultCode.BACKUP_CHANGED_SINCE, path.toString(), backup.id());
                }
                requireReplaceable(present);
                Optional<Path> next = Optional.empty();
                if (content.isPresent()) {
                    next = Optional.of(work.file("new"));
                    Copies.copy(backup.file(), next.get());
                    Copies.force(next.get());
                }
                return Optional.of(swap(present, next, wanted, work, now));
            }
        });
    }

    Snapshot snapshot(Path path) throws IOException {
        Path real = Links.follow(path, host);
        Folders.nearestExisting(Folders.parent(real));
        try {
            byte[] content = SmallFiles.read(real);
            Optional<PosixFileAttributes> attributes = Copies.posix(real);
            return new Snapshot(
                    path,
                    real,
                    content,
                    attributes.map(found -> PosixFilePermissions.toString(found.permissions())),
                    attributes.map(found ->
                            found.owner().getName() + ":" + found.group().getName()));
        } catch (NoSuchFileException absent) {
            return new Snapshot(path, real, null, Optional.empty(), Optional.empty());
        }
    }

    /** Refuses a file that a rename cannot replace, or could only by breaking what its owner set up. */
    void requireReplaceable(Snapshot file) throws IOException {
        if (file.content().isEmpty()) {
            return;
        }
        Path real = file.realPath();
        if (real.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(real, "unix:nlink") instanceof Integer links
                && links > 1) {
            throw new RefusedException(Reason.HARD_LINKED);
        }
        Optional<Mount> mount = Mount.of(real);
        if (mount.filter(found -> found.point().equals(real)).isPresent()) {
            throw new RefusedException(Reason.MOUNT_POINT);
        }
        // Permission bits do not stand in the way of a rename; an immutable file does, and says so here already.
        try (FileChannel channel = FileChannel.open(real, StandardOpenOption.WRITE)) {
            channel.size();
        } catch (AccessDeniedException bits) {
            if (host.os() == OperatingSystem.WINDOWS) {
                throw bits;
            }
        }
    }

    /** The new file, complete and on the disk, but not yet in its place. */
    static Path prepare(WorkFolder work, Snapshot present, byte[] content) throws IOException {
        Path next = work.file("new");
        if (present.content().isPresent()) {
            Copies.copy(present.realPath(), next, content);
        } else {
            Copies.create(next, content, "rw-r--r--");
        }
        return next;
    }

    /** The backup, then the one step that counts. */
    private Written swap(Snapshot present, Optional<Path> next, String nextHash, WorkFolder work, Instant now)
            throws IOException {
        Path real = present.realPath();
        Backup backup = keep(present, nextHash, work, Backups.unusedTime(real, now));
        boolean done = false;
        try {
            if (Thread.currentThread().isInterrupted()) {
                throw new ClosedByInterruptException();
            }
            put(next, real);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(backup.file());
            }
        }
        forceFolder(Folders.parent(real));
        return new Written(real, backup);
    }

    /** Makes the backup that a write of content with this fingerprint leaves. */
    static Backup keep(Snapshot present, String nextHash, WorkFolder work, Instant time) throws IOException {
        Path kept = work.file("old");
        if (present.content().isPresent()) {
            Copies.copy(present.realPath(), kept);
            Copies.force(kept);
        } else {
            Copies.create(kept, new byte[0], "rw-------");
        }
        Backup backup =
                Backup.beside(present.realPath(), time, present.content().isEmpty(), nextHash);
        Files.move(kept, backup.file(), StandardCopyOption.ATOMIC_MOVE);
        return backup;
    }

    /** Moves a prepared file into its place, or deletes what is there. */
    static void put(Optional<Path> next, Path real) throws IOException {
        if (next.isPresent()) {
            Files.move(next.get(), real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(real);
        }
    }

    /** The rename is done; a folder that cannot be forced to the disk does not undo it. */
    void forceFolder(Path folder) {
        if (host.os() == OperatingSystem.WINDOWS) {
            return;
        }
        try {
            Copies.force(folder);
        } catch (IOException notForced) {
            // Some network file systems refuse; an interrupt closes the channel and stays set for the caller.
        }
    }

    interface Change<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Runs a change and turns what stopped it into a fault about the path. */
    <T> T changing(Path path, Change<T> change) throws InterruptedException {
        FileNames.requireReadable(path);
        try {
            return change.run();
        } catch (ClosedByInterruptException | FileLockInterruptionException interrupted) {
            Thread.interrupted();
            InterruptedException travelling = new InterruptedException();
            travelling.initCause(interrupted);
            throw travelling;
        } catch (InvalidPathException noNameForOurs) {
            throw FileNames.unreadable(path.toString()).causedBy(noNameForOurs);
        } catch (IOException failure) {
            String reason = reason(path, failure).map(Reason::key).orElseGet(() -> SmallFiles.words(failure));
            throw new Fault(FaultCode.CANNOT_WRITE, path.toString(), reason).causedBy(failure);
        }
    }

    /** What the facts say about a failed write; the texts of exceptions speak the system's language, so are not asked. */
    private Optional<Reason> reason(Path path, IOException failure) {
        if (failure instanceof RefusedException refused) {
            return Optional.of(refused.reason());
        }
        try {
            Path real = Links.follow(path, host);
            Path folder = Folders.nearestExisting(Folders.parent(real));
            Optional<Mount> mount = Mount.of(folder);
            if (mount.filter(Mount::isReadOnly).isPresent()) {
                return Optional.of(Reason.READ_ONLY_FILE_SYSTEM);
            }
            Optional<Reason> known = SmallFiles.knownReason(failure);
            if (known.isPresent()) {
                return known;
            }
            if (failure instanceof NoSuchFileException) {
                return Optional.of(Reason.NO_SUCH_FOLDER);
            }
            long needed = SPARE_BYTES + (Files.exists(real) ? 3 * Files.size(real) : 0);
            if (Files.getFileStore(folder).getUsableSpace() < needed) {
                return Optional.of(Reason.NO_SPACE);
            }
            boolean locked = !Files.isWritable(folder) || (Files.exists(real) && !Files.isWritable(real));
            if (locked) {
                return Optional.of(Reason.IMMUTABLE);
            }
            return mount.filter(Mount::hasQuotas).map(quotas -> Reason.QUOTA);
        } catch (IOException noFacts) {
            return SmallFiles.knownReason(noFacts);
        }
    }
}
