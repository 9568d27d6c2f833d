package io.github.mirrorctl.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A log file from where it ended when this was made. Immutable; the file is not. */
public final class LogFile {
    /** In bytes; a daemon that fails says less. */
    private static final int MOST = 64 << 10;

    private final Path file;
    private final long end;

    private LogFile(Path file, long end) {
        this.file = file;
        this.end = end;
    }

    /** The file as it is now; it need not be there yet. */
    public static LogFile from(Path file) {
        return new LogFile(file, size(file));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException absent) {
            return 0;
        }
    }

    /** What was added since, of which the last 64 KiB; all that is there where the file was begun anew. */
    public String added() {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long size = channel.size();
            long start = Math.max(size < end ? 0 : end, size - MOST);
            ByteBuffer bytes = ByteBuffer.allocate((int) (size - start));
            channel.position(start);
            boolean isMore = true;
            while (bytes.hasRemaining() && isMore) {
                isMore = channel.read(bytes) >= 0;
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "";
        }
    }
}
