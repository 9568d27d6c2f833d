package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Measures many mirrors at once: one platform thread each, their starts paced, since handshakes that compete for a
 * processor would disorder the measurement, and every socket closed at its mirror's deadline, so that nothing is
 * waited for.
 */
public final class Prober {
    private static final Duration PACE = Duration.ofMillis(8);
    /** A thread at its deadline has its result ready a little later than the watch sees the deadline pass. */
    private static final Duration GRACE = Duration.ofMillis(50);

    /**
     * What to measure, and how.
     *
     * @param images all must be served; the first is what mirrors are compared by
     * @param timeout for one mirror's walk
     * @param parallel how many mirrors at a time
     * @param architecture of the platform's manifest, in Go's words
     */
    public record Plan(List<ImageReference> images, Depth depth, Duration timeout, int parallel, String architecture) {

        public Plan {
            images = List.copyOf(images);
        }
    }

    private final Plan plan;
    private final SSLSocketFactory tls;

    public Prober(Plan plan, SSLSocketFactory tls) {
        this.plan = plan;
        this.tls = tls;
    }

    /** What a walk's thread hands over: its result, or the bug that ended it. */
    private record Finished(
            int place,
            @Nullable ProbeResult result,
            @Nullable Throwable bug) {}

    private record Running(Walk walk, Deadline deadline) {}

    /**
     * Measures the candidates.
     *
     * @param progress told of every result as it comes, in this thread
     * @return one result for each candidate, in their order
     * @throws InterruptedException where this thread was interrupted; all sockets are closed then
     */
    public List<ProbeResult> probe(List<Candidate> candidates, Consumer<ProbeResult> progress)
            throws InterruptedException {
        LinkedBlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
        Map<Integer, ProbeResult> results = new HashMap<>();
        Map<Integer, Running> running = new HashMap<>();
        int started = 0;
        try {
            while (results.size() < candidates.size()) {
                if (started < candidates.size() && running.size() < plan.parallel()) {
                    running.put(started, start(started, candidates.get(started), finished));
                    started++;
                }
                boolean mayStart = started < candidates.size() && running.size() < plan.parallel();
                Finished next = mayStart
                        ? finished.poll(pace(candidates.size()).toNanos(), TimeUnit.NANOSECONDS)
                        : finished.poll(untilNextDeadline(running).toNanos(), TimeUnit.NANOSECONDS);
                if (next != null && next.bug() != null) {
                    throw new IllegalStateException("a walk ended by a bug", next.bug());
                }
                if (next != null && next.result() != null && running.remove(next.place()) != null) {
                    results.put(next.place(), next.result());
                    progress.accept(next.result());
                }
                endOverdue(running, results, progress);
            }
        } finally {
            running.values().forEach(walk -> walk.walk().session().close());
        }
        List<ProbeResult> inOrder = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Optional.ofNullable(results.get(i)).ifPresent(inOrder::add);
        }
        return inOrder;
    }

    private Running start(int place, Candidate candidate, LinkedBlockingQueue<Finished> finished) {
        Deadline deadline = Deadline.after(plan.timeout());
        Walk walk = new Walk(candidate, plan, new Session(Origin.of(candidate.url()), deadline, tls));
        Thread thread = new Thread(() -> {
            try {
                finished.add(new Finished(place, walk.run(), null));
            } catch (RuntimeException | Error e) {
                finished.add(new Finished(place, null, e));
            }
        });
        thread.setName("probe-" + candidate.url().host());
        thread.setDaemon(true);
        thread.start();
        return new Running(walk, deadline);
    }

    /** All are to have begun within a third of one mirror's time. */
    private Duration pace(int count) {
        Duration longest =
                plan.timeout().multipliedBy(3).dividedBy(10L * Math.max(1, Math.min(count, plan.parallel())));
        return PACE.compareTo(longest) < 0 ? PACE : longest;
    }

    private static Duration untilNextDeadline(Map<Integer, Running> running) {
        long nanos = running.values().stream()
                .mapToLong(walk -> walk.deadline().remainingNanos())
                .min()
                .orElse(0);
        return Duration.ofNanos(Math.max(0, nanos)).plus(GRACE);
    }

    private static void endOverdue(
            Map<Integer, Running> running, Map<Integer, ProbeResult> results, Consumer<ProbeResult> progress) {
        List<Integer> overdue = running.entrySet().stream()
                .filter(entry -> entry.getValue().deadline().remainingNanos() < -GRACE.toNanos())
                .map(Map.Entry::getKey)
                .toList();
        for (int place : overdue) {
            Running ended = running.remove(place);
            if (ended != null) {
                ProbeResult result = ended.walk().endAtDeadline();
                results.put(place, result);
                progress.accept(result);
            }
        }
    }
}
