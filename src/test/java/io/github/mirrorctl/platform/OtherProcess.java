package io.github.mirrorctl.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** A second JVM that works on a configuration file, so that tests meet a real neighbour and can kill it. */
final class OtherProcess implements AutoCloseable {
    static final int COUNTED = 100;

    private final Process process;
    private final BufferedReader stdout;

    /** What the other JVM does. */
    enum Work {
        /** Holds the lock until its stdin is closed. */
        HOLD,
        /** Writes {@link #content} of 0, 1, 0, 1 … until it is killed. */
        REPLACE,
        /** Adds one to the number in the file, {@link #COUNTED} times. */
        COUNT
    }

    private OtherProcess(Process process) {
        this.process = process;
        this.stdout = process.inputReader(UTF_8);
    }

    static OtherProcess start(Work work, Path file) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        return new OtherProcess(new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        work.name(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    static byte[] content(int number) {
        return Integer.toString(number % 2).repeat(100_000).getBytes(UTF_8);
    }

    /** Waits until the other JVM holds the lock, or has written once more. */
    void awaitStep() throws IOException {
        if (stdout.readLine() == null) {
            throw new IOException("the other JVM ended early");
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it end by itself. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        switch (Work.valueOf(arguments[0])) {
            case HOLD -> hold(file);
            case REPLACE -> replace(file, Integer.MAX_VALUE, old -> content(old[0] - '0' + 1));
            case COUNT -> replace(file, COUNTED, OtherProcess::oneMore);
        }
    }

    private static byte[] oneMore(byte[] number) {
        return Integer.toString(Integer.parseInt(new String(number, UTF_8)) + 1).getBytes(UTF_8);
    }

    private static void hold(Path file) throws Exception {
        try (WorkFolder held = WorkFolder.open(file, Duration.ofMinutes(1))) {
            System.out.println(held.file("held"));
            System.in.read();
        }
    }

    private static void replace(Path file, int times, UnaryOperator<byte[]> change) throws Exception {
        ConfigStore store = new ConfigStore(Host.current());
        int done = 0;
        while (done < times) {
            Snapshot before = store.read(file);
            try {
                store.replace(before, change.apply(before.content().orElseThrow()), Instant.now());
                System.out.println(++done);
            } catch (Fault fault) {
                if (fault.code() != FaultCode.CONFIG_CHANGED) {
                    throw fault;
                }
            }
        }
    }
}
