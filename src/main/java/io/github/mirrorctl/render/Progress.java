package io.github.mirrorctl.render;

import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Verdict;
import io.github.mirrorctl.task.Live;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One line that says how far a probe is, or what is waited for, redrawn in place; only for a terminal, and only of what
 * takes longer than half a second. Safe for use by several threads.
 */
public final class Progress implements AutoCloseable {
    private static final String ERASE_LINE = "\r\u001b[K";
    /** DECAWM: between these, what does not fit is not shown, however narrow the terminal has become meanwhile. */
    private static final String DO_NOT_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private static final long FIRST_SHOWN_MILLIS = 500;
    private static final long REDRAWN_MILLIS = 250;

    private final PrintStream err;
    private final Messages messages;
    private final boolean enabled;
    private final long start = System.nanoTime();
    private final Map<MirrorUrl, ProbeResult> latest = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private String drawn = "";

    /** @param enabled whether there is a terminal to show it on */
    public Progress(PrintStream err, Messages messages, boolean enabled) {
        this.err = err;
        this.messages = messages;
        this.enabled = enabled;
    }

    /**
     * Shows how far a probe is from now on, also while nobody answers.
     *
     * @return this
     */
    public Progress ofProbe() {
        if (enabled) {
            Thread clock = new Thread(this::redraw, "progress");
            clock.setDaemon(true);
            clock.start();
        }
        return this;
    }

    private void redraw() {
        try {
            long pause = FIRST_SHOWN_MILLIS;
            while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
                draw();
                pause = REDRAWN_MILLIS;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void draw() {
        show(probed());
    }

    /**
     * While an engine takes its file.
     *
     * @param waited for how long already
     */
    public synchronized void waiting(Live.Step step, Duration waited) {
        String key = "progress." + step.name().toLowerCase(Locale.ROOT);
        show(messages.text(key, String.valueOf(waited.toSeconds())));
    }

    public synchronized void add(ProbeResult result) {
        latest.put(result.candidate().url(), result);
    }

    /** What matters most comes first, since a narrow terminal shows no more. */
    private String probed() {
        Map<Verdict, Integer> unusable = new EnumMap<>(Verdict.class);
        int usable = 0;
        int sampled = 0;
        for (ProbeResult result : latest.values()) {
            if (result.verdict().isUsable()) {
                usable++;
            } else {
                unusable.merge(result.verdict(), 1, Integer::sum);
            }
            sampled += result.sample().isPresent() ? 1 : 0;
        }
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        String line = messages.text(
                "progress",
                String.valueOf(seconds),
                String.valueOf(latest.size()),
                String.valueOf(usable),
                String.valueOf(sampled));
        return unusable.isEmpty() ? line : messages.text("progress.others", line, words(unusable));
    }

    private String words(Map<Verdict, Integer> counts) {
        List<Map.Entry<Verdict, Integer>> entries = new ArrayList<>(counts.entrySet());
        entries.sort(Map.Entry.<Verdict, Integer>comparingByValue(Comparator.reverseOrder()));
        return entries.stream()
                .map(entry -> messages.text("verdict." + entry.getKey().key()) + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private void show(String line) {
        if (enabled && closed.getCount() > 0 && !line.equals(drawn)) {
            err.print(ERASE_LINE + DO_NOT_WRAP + line + WRAP);
            err.flush();
            drawn = line;
        }
    }

    @Override
    public synchronized void close() {
        if (!drawn.isEmpty()) {
            err.print(ERASE_LINE);
            err.flush();
        }
        closed.countDown();
    }
}
