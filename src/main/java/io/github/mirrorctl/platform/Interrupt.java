package io.github.mirrorctl.platform;

import io.github.mirrorctl.fault.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Ends the process by the signal that came, as the system would have done without us. A JVM that exits waits 0.3 s for
 * threads that are in the system's own code ({@code VM_Exit::wait_for_threads_in_native_to_block} in
 * <a href="https://github.com/openjdk/jdk17u/blob/jdk-17.0.15-ga/src/hotspot/share/runtime/vmOperations.cpp">HotSpot</a>),
 * {@code halt} included, and the resolution of a name cannot be ended from outside. A shell calls both ways 130.
 */
public final class Interrupt {
    /** As the JVM names the thread in which it acts on Ctrl-C. */
    private static final String HANDLER = "SIGINT handler";
    /** Where {@link java.net.InetAddress} goes to the system. */
    private static final String RESOLUTION = "lookupAllHostAddr";

    private static final Duration LONGEST_KILL = Duration.ofMillis(200);

    private Interrupt() {}

    /**
     * Does not return where Ctrl-C was pressed while names are being resolved.
     *
     * @throws InterruptedException where this thread was interrupted
     */
    public static void endWhereAnExitWouldWait() throws InterruptedException {
        Map<Thread, StackTraceElement[]> threads = Thread.getAllStackTraces();
        boolean isInterrupt =
                threads.keySet().stream().anyMatch(thread -> thread.getName().equals(HANDLER));
        boolean isResolving = threads.values().stream()
                .anyMatch(
                        frames -> frames.length > 0 && frames[0].getMethodName().equals(RESOLUTION));
        if (isInterrupt && isResolving && giveUpHandler()) {
            try {
                String process = String.valueOf(ProcessHandle.current().pid());
                new CommandRunner().run(List.of("/bin/sh", "-c", "kill -INT " + process), LONGEST_KILL);
            } catch (Fault noShell) {
                // Then the exit takes its time.
            }
        }
    }

    /** Leaves the signal to the system again. Not by name: the compiler warns of these classes, and a runtime may lack them. */
    private static boolean giveUpHandler() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object interrupt = signal.getConstructor(String.class).newInstance("INT");
            signal.getMethod("handle", signal, handler)
                    .invoke(null, interrupt, handler.getField("SIG_DFL").get(null));
            return true;
        } catch (ReflectiveOperationException | LinkageError e) {
            return false;
        }
    }
}
