package io.github.mirrorctl.platform;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A configuration that is not in place yet, in a file for another program to judge. It lies in a folder of its own that
 * only its owner can enter, so nobody else can read it or put another in its place. Closing it leaves nothing. For
 * systems with POSIX permissions.
 */
public final class CandidateFile implements AutoCloseable {
    private final Path folder;
    private final Path file;

    private CandidateFile(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("daemon.json");
    }

    /**
     * Writes the content.
     *
     * @throws Fault {@link FaultCode#CANNOT_WRITE} where there is no place for it
     */
    public static CandidateFile of(byte[] content) {
        CandidateFile candidate = new CandidateFile(folder());
        try {
            Files.createFile(
                    candidate.file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(candidate.file, content, StandardOpenOption.WRITE);
            return candidate;
        } catch (IOException failure) {
            candidate.close();
            throw cannotWrite(candidate.file, failure);
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(
                    "mirrorctl-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException failure) {
            throw cannotWrite(Path.of("mirrorctl-"), failure);
        }
    }

    private static Fault cannotWrite(Path file, IOException failure) {
        return new Fault(FaultCode.CANNOT_WRITE, file.toString(), SmallFiles.words(failure)).causedBy(failure);
    }

    public Path path() {
        return file;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        } catch (IOException leftBehind) {
            // It is private, and the system empties this place in time.
        }
    }
}
