package io.github.mirrorctl.registry;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket that knows when bytes last passed it. What TLS above it spends on ciphers, and on classes that it loads for
 * the first time, is this machine's time and not the mirror's. The times are {@link System#nanoTime}'s and belong to the
 * thread that reads and writes.
 */
final class TimedSocket extends Socket {
    /** Told of every read by the thread that reads. */
    interface ReadWatch {
        /**
         * Called before a read.
         *
         * @param available how many bytes have come; with none the read will wait
         */
        void willRead(int available);

        /** Called once the time was taken, and after a read that failed. */
        void hasRead();
    }

    private @Nullable ReadWatch watch;
    private long sentAt;
    private long receivedAt;

    void watchReads(ReadWatch watching) {
        watch = watching;
    }

    void unwatchReads() {
        watch = null;
    }

    /** When the last bytes were about to be sent. */
    long sentAt() {
        return sentAt;
    }

    /** When the last bytes had come. */
    long receivedAt() {
        return receivedAt;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Incoming(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new Outgoing(super.getOutputStream());
    }

    private final class Incoming extends FilterInputStream {
        Incoming(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (watch == null) {
                return timedRead(buffer, offset, length);
            }
            watch.willRead(available());
            try {
                return timedRead(buffer, offset, length);
            } finally {
                watch.hasRead();
            }
        }

        private int timedRead(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            receivedAt = System.nanoTime();
            return count;
        }
    }

    private final class Outgoing extends FilterOutputStream {
        Outgoing(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            sentAt = System.nanoTime();
            out.write(value);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            sentAt = System.nanoTime();
            out.write(buffer, offset, length);
        }
    }
}
