package io.github.mirrorctl.render;

import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.task.Live;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** One line that says how far a probe is, or what is waited for, redrawn in place; only for a terminal. */
public final class Progress implements AutoCloseable {
    private static final String ERASE_LINE = "\r\u001b[K";
    /** DECAWM: between these, what does not fit is not shown, however narrow the terminal has become meanwhile. */
    private static final String DO_NOT_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private static final long FIRST_SHOWN_NANOS = 500_000_000;

    private final PrintStream err;
    private final Messages messages;
    private final boolean enabled;
    private final long start = System.nanoTime();
    private final Map<MirrorUrl, ProbeResult> latest = new HashMap<>();
    private boolean shown;

    /** @param enabled whether there is a terminal to show it on */
    public Progress(PrintStream err, Messages messages, boolean enabled) {
        this.err = err;
        this.messages = messages;
        this.enabled = enabled;
    }

    /**
     * While an engine takes its file.
     *
     * @param waited for how long already
     */
    public void waiting(Live.Step step, Duration waited) {
        String key = "progress." + step.name().toLowerCase(Locale.ROOT);
        show(messages.text(key, String.valueOf(waited.toSeconds())));
    }

    public void add(ProbeResult result) {
        latest.put(result.candidate().url(), result);
        if (System.nanoTime() - start > FIRST_SHOWN_NANOS) {
            String usable = count(r -> r.verdict().isUsable());
            String sampled = count(r -> r.sample().isPresent());
            show(messages.text("progress", String.valueOf(latest.size()), usable, sampled));
        }
    }

    private void show(String line) {
        if (enabled) {
            err.print(ERASE_LINE + DO_NOT_WRAP + line + WRAP);
            err.flush();
            shown = true;
        }
    }

    private String count(Predicate<ProbeResult> what) {
        return String.valueOf(latest.values().stream().filter(what).count());
    }

    @Override
    public void close() {
        if (shown) {
            err.print(ERASE_LINE);
            err.flush();
        }
    }
}
