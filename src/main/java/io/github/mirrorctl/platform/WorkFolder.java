package io.github.mirrorctl.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A folder beside a configuration file, for one run at a time: {@code .daemon.json.mirrorctl}. Its lock keeps other
 * runs out, and nobody but its owner can enter it, so a copy of a private file is never looser than the file, not even
 * before it has its mode. Being on the same file system, what is made here can be renamed into place.
 *
 * <p>A run that was killed leaves the folder behind with its lock free; the next run takes it over and empties it.
 *
 * <p>Closing it leaves nothing. Not safe for use by several threads; each opens its own and waits for the others.
 */
final class WorkFolder implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final Duration POLL = Duration.ofMillis(20);

    /**
     * Keeps threads of this JVM apart. A file lock belongs to the whole process, and closing any channel on the file
     * drops it, so a second thread must not even open the file.
     */
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path folder;
    private final FileChannel channel;

    private WorkFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param wait how long at most
     * @throws RefusedException {@link Reason#BUSY} after that
     */
    static WorkFolder open(Path config, Duration wait) throws IOException, InterruptedException {
        Path folder = config.resolveSibling("." + config.getFileName() + ".mirrorctl");
        long deadline = System.nanoTime() + wait.toNanos();
        if (!IN_PROCESS.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new RefusedException(Reason.BUSY);
        }
        try {
            return new WorkFolder(folder, lock(folder, deadline));
        } catch (IOException | InterruptedException | RuntimeException failure) {
            removeEmpty(folder);
            IN_PROCESS.unlock();
            throw failure;
        }
    }

    private static FileChannel lock(Path folder, long deadline) throws IOException, InterruptedException {
        Optional<FileChannel> channel = tryLock(folder);
        while (channel.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new RefusedException(Reason.BUSY);
            }
            Thread.sleep(POLL.toMillis());
            channel = tryLock(folder);
        }
        return channel.get();
    }

    /** Where a file of this name goes. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** Never fails: what was done is done, and what cannot be removed is left to the next run. */
    @Override
    public void close() {
        try (channel) {
            sweep(folder);
            Files.deleteIfExists(folder.resolve(LOCK));
        } catch (IOException leftBehind) {
            // The lock is free all the same.
        } finally {
            IN_PROCESS.unlock();
        }
        removeEmpty(folder);
    }

    private static void removeEmpty(Path folder) {
        try {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException takenOver) {
            // Not empty: another run has moved in.
        }
    }

    private static void sweep(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!file.endsWith(LOCK)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /**
     * The last run deletes its lock file, so the file we locked may be one that nobody else can find any more. It is the
     * right one if its path led to the same file before we opened it and after we locked it. (Windows has no file keys,
     * but does not let a new file take the name of an open one.)
     */
    private static Optional<FileChannel> tryLock(Path folder) throws IOException {
        Path lockFile = folder.resolve(LOCK);
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        create(() -> Files.createDirectory(folder, ownerOnly));
        try {
            if (!attributes(folder).isDirectory()) {
                throw new RefusedException(Reason.PARENT_NOT_A_FOLDER);
            }
            create(() -> Files.createFile(lockFile));
            Object before = attributes(lockFile).fileKey();
            FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            boolean ours = false;
            try {
                FileLock lock = channel.tryLock();
                if (lock != null && Objects.equals(before, attributes(lockFile).fileKey())) {
                    sweep(folder);
                    ours = true;
                }
            } finally {
                if (!ours) {
                    channel.close();
                }
            }
            return ours ? Optional.of(channel) : Optional.empty();
        } catch (NoSuchFileException removedMeanwhile) {
            return Optional.empty();
        }
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private interface Creation {
        void run() throws IOException;
    }

    private static void create(Creation creation) throws IOException {
        try {
            creation.run();
        } catch (FileAlreadyExistsException alreadyThere) {
            // As good as created.
        }
    }
}
