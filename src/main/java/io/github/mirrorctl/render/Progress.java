package io.github.mirrorctl.render;

import io.github.mirrorctl.registry.ProbeResult;
import java.io.PrintStream;

/** One line that says how far a probe is, redrawn in place; only for a terminal. */
public final class Progress implements AutoCloseable {
    private static final String ERASE_LINE = "\r\u001b[K";
    private static final long FIRST_SHOWN_NANOS = 500_000_000;

    private final PrintStream err;
    private final Messages messages;
    private final boolean enabled;
    private final long start = System.nanoTime();
    private int done;
    private int usable;
    private boolean shown;

    /** @param enabled whether there is a terminal to show it on */
    public Progress(PrintStream err, Messages messages, boolean enabled) {
        this.err = err;
        this.messages = messages;
        this.enabled = enabled;
    }

    public void add(ProbeResult result) {
        done++;
        usable += result.verdict().isUsable() ? 1 : 0;
        if (enabled && System.nanoTime() - start > FIRST_SHOWN_NANOS) {
            err.print(ERASE_LINE + messages.text("progress", String.valueOf(done), String.valueOf(usable)));
            err.flush();
            shown = true;
        }
    }

    @Override
    public void close() {
        if (shown) {
            err.print(ERASE_LINE);
            err.flush();
        }
    }
}
