package io.github.mirrorctl.render;

import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Verdict;
import io.github.mirrorctl.task.Live;
import io.github.mirrorctl.task.ProbeTask;
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

/**
 * One line that says how far a probe is, or what is waited for, redrawn in place; only for a terminal, and only of what
 * takes longer than half a second. Safe for use by several threads.
 */
public final class Progress implements AutoCloseable {
    /** Where the cursor is always left: a terminal that is made narrower folds the line, and takes the cursor along. */
    private static final String TO_BEGIN = "\r";
    /**
     * From behind what was written to the end of the screen, which is all that was folded. Not from the very beginning of a
     * screen: tmux then keeps what was there.
     */
    private static final String ERASE_REST = "\u001b[J";

    /** DECAWM: between these, what does not fit is not shown, however narrow the terminal has become meanwhile. */
    private static final String DO_NOT_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private static final long FIRST_SHOWN_MILLIS = 500;
    private static final long REDRAWN_MILLIS = 250;

    /** What is waited for before or without a probe. */
    public enum Wait {
        ENGINE,
        FETCH
    }

    private final PrintStream err;
    private final Messages messages;
    private final boolean enabled;
    private final int columns;
    private final long start = System.nanoTime();
    private final Map<MirrorUrl, ProbeResult> latest = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private int mirrors;
    private int finalists;
    private String drawn = "";

    /**
     * @param enabled whether there is a terminal to show it on
     * @param columns how wide it is
     */
    public Progress(PrintStream err, Messages messages, boolean enabled, int columns) {
        this.err = err;
        this.messages = messages;
        this.enabled = enabled;
        this.columns = columns;
    }

    /**
     * Shows from now on that something is waited for, and how far a probe is once there is one, also while nobody answers.
     *
     * @return this
     */
    public Progress during(Wait wait) {
        if (enabled) {
            Thread clock = new Thread(() -> redraw(wait), "progress");
            clock.setDaemon(true);
            clock.start();
        }
        return this;
    }

    private void redraw(Wait wait) {
        try {
            long pause = FIRST_SHOWN_MILLIS;
            while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
                draw(wait);
                pause = REDRAWN_MILLIS;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void draw(Wait wait) {
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        show(mirrors == 0 ? waitingFor(wait.name(), waited) : probed(waited));
    }

    /**
     * While an engine takes its file.
     *
     * @param waited for how long already
     */
    public synchronized void waiting(Live.Step step, Duration waited) {
        show(waitingFor(step.name(), waited));
    }

    private String waitingFor(String what, Duration waited) {
        return messages.text("progress." + what.toLowerCase(Locale.ROOT), seconds(waited));
    }

    private static String seconds(Duration waited) {
        return String.valueOf(waited.toSeconds());
    }

    /** How far the probe is by now. One that follows another adds its mirrors to that one's. */
    public synchronized void add(ProbeTask.News news) {
        if (news.result().isEmpty()) {
            mirrors += news.mirrors();
            finalists += news.finalists();
        }
        news.result()
                .filter(result -> !result.candidate().equals(Candidate.DOCKER_HUB))
                .ifPresent(result -> latest.put(result.candidate().url(), result));
    }

    /** As much as fits, what matters most first. */
    private String probed(Duration waited) {
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
        int mostSampled = Math.max(sampled, Math.min(usable, finalists));
        String line = counts("", waited, usable, sampled, mostSampled);
        if (!fits(line)) {
            line = counts("-brief", waited, usable, sampled, mostSampled);
        }
        String key = "progress.others";
        for (String verdict : words(unusable)) {
            String longer = messages.text(key, line, verdict);
            if (!fits(longer)) {
                break;
            }
            line = longer;
            key = "progress.more";
        }
        return line;
    }

    private String counts(String form, Duration waited, int usable, int sampled, int mostSampled) {
        String line = messages.text(
                "progress.probe" + form,
                seconds(waited),
                String.valueOf(latest.size()),
                String.valueOf(mirrors),
                String.valueOf(usable));
        return mostSampled == 0
                ? line
                : messages.text("progress.sampled" + form, line, String.valueOf(sampled), String.valueOf(mostSampled));
    }

    /** The verdicts with their counts, the most frequent first. */
    private List<String> words(Map<Verdict, Integer> counts) {
        List<Map.Entry<Verdict, Integer>> entries = new ArrayList<>(counts.entrySet());
        entries.sort(Map.Entry.<Verdict, Integer>comparingByValue(Comparator.reverseOrder()));
        return entries.stream()
                .map(entry -> messages.text("verdict." + entry.getKey().key()) + " " + entry.getValue())
                .toList();
    }

    private boolean fits(String line) {
        return DisplayWidth.of(line) < columns;
    }

    private void show(String line) {
        if (enabled && closed.getCount() > 0 && !line.equals(drawn)) {
            err.print(TO_BEGIN + DO_NOT_WRAP + line + ERASE_REST + WRAP + TO_BEGIN);
            err.flush();
            drawn = line;
        }
    }

    @Override
    public synchronized void close() {
        if (!drawn.isEmpty()) {
            err.print(TO_BEGIN + " " + ERASE_REST + TO_BEGIN);
            err.flush();
            drawn = "";
        }
        closed.countDown();
    }
}
