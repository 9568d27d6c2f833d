package io.github.mirrorctl.platform;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads whole files of a bounded size, and says why one cannot be read. */
final class SmallFiles {
    /** In bytes; a configuration file of this size is a mistake. */
    static final int LIMIT = 16 << 20;

    private SmallFiles() {}

    /** One of the two ways to read a file. */
    interface Reading {
        byte[] of(Path file) throws IOException;
    }

    /**
     * Reads what is there; empty where nothing is.
     *
     * @throws Fault {@link FaultCode#CANNOT_READ}
     */
    static Optional<byte[]> ifPresent(Path file, Reading reading) {
        try {
            return Optional.of(reading.of(file));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException failure) {
            throw cannotRead(file, failure);
        }
    }

    /**
     * A regular file's bytes.
     *
     * @throws NoSuchFileException where there is none
     */
    static byte[] read(Path file) throws IOException {
        requireRegular(Files.readAttributes(file, BasicFileAttributes.class));
        return bounded(file);
    }

    /** The same for a pipe too. */
    static byte[] readInput(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new RefusedException(Reason.IS_A_FOLDER);
        }
        return bounded(file);
    }

    private static byte[] bounded(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LIMIT + 1);
            if (bytes.length > LIMIT) {
                throw new RefusedException(Reason.TOO_LARGE);
            }
            return bytes;
        }
    }

    /** What lies in a folder by a pattern, sorted by name; nothing where it is not there or may not be read. */
    static List<Path> in(Path folder, String glob) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(files::add);
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        Collections.sort(files);
        return files;
    }

    /** Opening a FIFO would wait for a writer, so this is asked before a file is opened. */
    static void requireRegular(BasicFileAttributes attributes) throws RefusedException {
        if (attributes.isDirectory()) {
            throw new RefusedException(Reason.IS_A_FOLDER);
        }
        if (!attributes.isRegularFile()) {
            throw new RefusedException(Reason.NOT_A_FILE);
        }
    }

    static Fault cannotRead(Path file, IOException failure) {
        String reason = knownReason(failure).map(Reason::key).orElseGet(() -> words(failure));
        return new Fault(FaultCode.CANNOT_READ, file.toString(), reason).causedBy(failure);
    }

    /** The reason as far as the exception's type tells it. */
    static Optional<Reason> knownReason(IOException failure) {
        if (failure instanceof RefusedException refused) {
            return Optional.of(refused.reason());
        }
        if (failure instanceof AccessDeniedException) {
            return Optional.of(Reason.PERMISSION_DENIED);
        }
        return failure instanceof FileSystemLoopException ? Optional.of(Reason.LINK_LOOP) : Optional.empty();
    }

    /** The system's own words, without the path where they can be had without it. */
    static String words(IOException failure) {
        String words = failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
        return words == null ? failure.getClass().getSimpleName() : words;
    }
}
