package io.github.mirrorctl.platform;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Runs commands within bounds of time and output. Safe for use by several threads. */
public final class CommandRunner {
    /** In bytes, of each of the two streams; what comes after is read and dropped. */
    private static final int OUTPUT_LIMIT = 4 << 20;

    /** How long a stream may stay open, held by a child that was left running, once the command itself has ended. */
    private static final Duration STRAGGLERS = Duration.ofSeconds(1);

    /**
     * What a command did.
     *
     * @param exitCode the command's own; -1 where it was killed at the deadline
     * @param timedOut whether it was killed at the deadline; the output is what came until then
     * @param truncated whether it said more than is kept here
     */
    public record Result(int exitCode, String stdout, String stderr, boolean timedOut, boolean truncated) {
        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    /**
     * Runs a command with an empty stdin and waits for its end. At the deadline, or when the calling thread is
     * interrupted, it is killed with all its children.
     *
     * @param command the program and its arguments; no shell reads them
     * @throws Fault {@link FaultCode#CANNOT_RUN} where it could not be started
     */
    public Result run(List<String> command, Duration deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        Process process = start(builder);
        try {
            Collector stdout = new Collector(process.getInputStream());
            Collector stderr = new Collector(process.getErrorStream());
            closeStdin(process);
            boolean ended = process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS);
            if (!ended) {
                killTree(process);
                process.waitFor(STRAGGLERS.toNanos(), TimeUnit.NANOSECONDS);
            }
            stdout.await();
            stderr.await();
            return new Result(
                    ended ? process.exitValue() : -1,
                    stdout.text(),
                    stderr.text(),
                    !ended,
                    stdout.isTruncated() || stderr.isTruncated());
        } finally {
            killTree(process);
        }
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException failure) {
            throw new Fault(FaultCode.CANNOT_RUN, String.join(" ", builder.command()), reason(builder, failure))
                    .causedBy(failure);
        }
    }

    private static String reason(ProcessBuilder builder, IOException failure) {
        String program = builder.command().get(0);
        List<Path> found = places(builder, program).filter(Files::exists).toList();
        if (found.isEmpty()) {
            return Reason.COMMAND_NOT_FOUND.key();
        }
        return found.stream().noneMatch(Files::isExecutable) ? Reason.NOT_EXECUTABLE.key() : SmallFiles.words(failure);
    }

    private static Stream<Path> places(ProcessBuilder builder, String program) {
        if (program.contains(File.separator)) {
            return Stream.of(Path.of(program));
        }
        String path = builder.environment().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator, -1)).map(folder -> Path.of(folder, program));
    }

    private static void closeStdin(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyGone) {
            // The command has ended; its exit code tells.
        }
    }

    private static void killTree(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Reads a stream to its end so that the command never waits for us, and keeps the beginning. */
    private static final class Collector {
        private final Thread thread;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final AtomicBoolean truncated = new AtomicBoolean();

        Collector(InputStream in) {
            thread = new Thread(() -> collect(in), "output of a command");
            // A stream may stay open for ever; that must not keep the program alive.
            thread.setDaemon(true);
            thread.start();
        }

        private void collect(InputStream in) {
            byte[] buffer = new byte[8192];
            try (in) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    int room = Math.min(count, OUTPUT_LIMIT - kept.size());
                    kept.write(buffer, 0, room);
                    if (room < count) {
                        truncated.set(true);
                    }
                }
            } catch (IOException closed) {
                // The command was killed; what came before is kept.
            }
        }

        /** Waits for the end of the stream, but not for long. */
        void await() throws InterruptedException {
            thread.join(STRAGGLERS.toMillis());
        }

        String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }

        boolean isTruncated() {
            return truncated.get();
        }
    }
}
