package io.github.mirrorctl;

import io.github.mirrorctl.cli.Console;
import io.github.mirrorctl.cli.Mirrorctl;
import io.github.mirrorctl.cli.PointOfNoReturn;
import io.github.mirrorctl.platform.Host;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Starts the program. Nothing else knows that there is a process. */
public final class Main {
    private static final long LONGEST_WRITE_MILLIS = 10_000;
    /** For one who waits for mirrors to close their connections. */
    private static final long LEAVE_MILLIS = 50;

    private Main() {}

    public static void main(String[] args) {
        CountDownLatch done = new CountDownLatch(1);
        PointOfNoReturn pointOfNoReturn = new PointOfNoReturn();
        letInterruptsFinishWrites(Thread.currentThread(), pointOfNoReturn, done);
        Host host = Host.current();
        Charset charset = host.terminalCharset();
        Console console = new Console(
                System.in,
                stream(FileDescriptor.out, charset),
                stream(FileDescriptor.err, charset),
                charset,
                host.isTerminal("stdout"),
                host.isTerminal("stderr"));
        int code = Mirrorctl.run(args, console, host, Clock.systemUTC(), pointOfNoReturn);
        console.out().flush();
        console.err().flush();
        done.countDown();
        System.exit(code);
    }

    /**
     * On Ctrl-C the JVM ends with 130 once this hook has returned: what had begun to be written is then either undone, or
     * complete and reported. Where nothing had begun, it ends in a moment.
     */
    private static void letInterruptsFinishWrites(Thread main, PointOfNoReturn pointOfNoReturn, CountDownLatch done) {
        // A class and not a lambda: the first lambda of a process costs it 10 ms, and "--version" needs no other.
        Thread hook = new Thread() {
            @Override
            public void run() {
                if (done.getCount() > 0) {
                    main.interrupt();
                    endQuietly(pointOfNoReturn.close(), done);
                }
            }
        };
        hook.setName("interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static void endQuietly(boolean isUntouched, CountDownLatch done) {
        try {
            boolean inTime = done.await(isUntouched ? LEAVE_MILLIS : LONGEST_WRITE_MILLIS, TimeUnit.MILLISECONDS);
            if (!inTime) {
                // Nothing is being written, or the write hangs in the operating system: no reason to wait on.
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static PrintStream stream(FileDescriptor descriptor, Charset charset) {
        OutputStream file = new UntilClosed(new FileOutputStream(descriptor));
        return new PrintStream(new BufferedOutputStream(file, 8192), true, charset);
    }

    /** Writes while somebody reads: a reader that has seen enough, as {@code head} does, is no failure. */
    private static final class UntilClosed extends FilterOutputStream {
        private boolean closedByReader;

        UntilClosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (closedByReader) {
                return;
            }
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                // The system's words for it: "Broken pipe", and "The pipe is being closed" on Windows.
                closedByReader =
                        String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
                if (!closedByReader) {
                    throw e;
                }
            }
        }
    }
}
