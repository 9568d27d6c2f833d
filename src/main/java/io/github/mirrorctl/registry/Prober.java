package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.MirrorUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures many mirrors at once: one platform thread each, their starts paced, since handshakes that compete for a
 * processor would disorder the measurement and use up the time of mirrors that answer, and every socket closed at its
 * mirror's deadline, so that nothing is waited for.
 */
public final class Prober {
    /** How many mirrors' layers are looked at in a probe, at most. */
    public static final int FINALISTS = 5;

    private static final Duration PACE = Duration.ofMillis(5);
    /** So long does one wait for others' handshakes before it begins, at most, since those may never end. */
    private static final Duration LONGEST_HOLD = Duration.ofMillis(50);
    /** A thread at its deadline has its result ready a little later than the watch sees the deadline pass. */
    private static final Duration GRACE = Duration.ofMillis(10);
    /** For a finalist's own thread, which knows best on what the time went by. */
    private static final Duration LAST_WORD = Duration.ofMillis(100);

    /** What finalists have beyond one mirror's time: so late none begins any more, and so late all have ended. */
    private static final Duration LAST_SAMPLE = Duration.ofSeconds(8);

    private static final Duration SAMPLING = Duration.ofSeconds(12);

    /**
     * What to measure, and how.
     *
     * @param images all must be served; the first is what mirrors are compared by
     * @param timeout for one mirror's walk
     * @param parallel how many mirrors at a time
     * @param architecture of the platform's manifest, in Go's words
     * @param pinned what the first image's tag has to mean
     * @param store the image store in use, where it is known; who serves another comes to the finals last
     * @param alwaysSampled mirrors that are finalists whatever they promise, where they have the image
     * @param explained the mirror whose requests are to be kept for showing
     */
    public record Plan(
            List<ImageReference> images,
            Depth depth,
            Duration timeout,
            int parallel,
            String architecture,
            Optional<Digest> pinned,
            Optional<ImageStore> store,
            Set<MirrorUrl> alwaysSampled,
            Optional<MirrorUrl> explained) {

        /** For a store that is not known, and with nobody's requests kept. */
        public Plan(
                List<ImageReference> images,
                Depth depth,
                Duration timeout,
                int parallel,
                String architecture,
                Optional<Digest> pinned,
                Set<MirrorUrl> alwaysSampled) {
            this(
                    images,
                    depth,
                    timeout,
                    parallel,
                    architecture,
                    pinned,
                    Optional.empty(),
                    alwaysSampled,
                    Optional.empty());
        }

        public Plan {
            images = List.copyOf(images);
            alwaysSampled = Set.copyOf(alwaysSampled);
        }

        /** From one start to the next; all that handshakes let are to have begun within a fifth of one mirror's time. */
        Duration pace(int count) {
            Duration longest = timeout.dividedBy(5L * Math.max(1, Math.min(count, parallel)));
            return PACE.compareTo(longest) < 0 ? PACE : longest;
        }
    }

    private final Plan plan;
    private final Transport transport;

    /** @param proxies through which mirrors, their token services and storages are reached */
    public Prober(Plan plan, TlsSockets tls, Proxies proxies, Resolver resolver) {
        this(plan, Transport.of(tls, proxies, resolver));
    }

    Prober(Plan plan, Transport transport) {
        this.plan = plan;
        this.transport = transport;
    }

    /** What a walk's thread hands over: its result, or the bug that ended it. */
    private record Finished(
            int place,
            boolean isSample,
            Walk walk,
            @Nullable ProbeResult result,
            @Nullable Throwable bug) {}

    /**
     * A thread at work.
     *
     * @param deadlines gives the one that holds at the moment, which may move to later
     * @param isSample whether it is a finalist's
     * @param endAtDeadline gives the result where the thread does not in time
     */
    private record Running(
            Session session, Supplier<Deadline> deadlines, boolean isSample, Supplier<ProbeResult> endAtDeadline) {

        Deadline deadline() {
            return deadlines.get();
        }
    }

    /** What is known of a probe while it runs. All of it belongs to the thread that called {@link #probe}. */
    private static final class Course {
        private final LinkedBlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
        private final Map<Integer, ProbeResult> results = new HashMap<>();
        private final Map<Integer, Running> running = new HashMap<>();
        private final Map<Walk, Integer> places = new HashMap<>();
        private final Finals finals;
        private final Consumer<ProbeResult> progress;
        private final Calm calm;
        private final Deadline firstWave;
        private final Deadline firstStarts;
        private final Deadline late;
        private final Deadline lastSample;
        private final Deadline end;
        private Deadline hold = Deadline.after(Duration.ZERO);
        private Deadline nextStart = Deadline.after(Duration.ZERO);
        /** Nobody who is running is to end sooner. */
        private Deadline nextDeadline;

        private int started;
        private int walking;

        Course(Plan plan, int candidates, Consumer<ProbeResult> progress) {
            this.finals = new Finals(plan);
            this.progress = progress;
            this.calm = new Calm(Math.min(candidates, plan.parallel()), plan.timeout());
            this.firstWave = Deadline.after(plan.timeout());
            this.firstStarts = Deadline.after(plan.timeout().dividedBy(4));
            this.late = Deadline.after(plan.timeout().multipliedBy(3).dividedBy(5));
            this.lastSample = Deadline.after(plan.timeout().plus(LAST_SAMPLE));
            this.end = Deadline.after(plan.timeout().plus(SAMPLING));
            this.nextDeadline = end;
        }

        void begin(int place, Running begun) {
            running.put(place, begun);
            walking += begun.isSample() ? 0 : 1;
            nextDeadline = nextDeadline.orSooner(begun.deadline());
        }

        void end(int place, Running ended, ProbeResult result) {
            running.remove(place);
            walking -= ended.isSample() ? 0 : 1;
            results.put(place, result);
            if (ended.isSample()) {
                finals.left(result);
            }
            progress.accept(result);
        }

        /** How many mirrors are looked at beyond their manifests. */
        int looking() {
            int looking = 0;
            for (Map.Entry<Walk, Integer> walked : places.entrySet()) {
                Running one = running.get(walked.getValue());
                boolean isWalking = one != null && !one.isSample();
                looking += isWalking
                                && walked.getKey().isLooking()
                                && !walked.getKey().isOfHub()
                        ? 1
                        : 0;
            }
            return looking;
        }

        Duration untilNextDeadline() {
            Deadline next = late.isPast() ? nextDeadline : nextDeadline.orSooner(late);
            return next.remaining().plus(GRACE);
        }
    }

    /**
     * Measures the candidates.
     *
     * @param progress told of every result as it comes, and of a finalist's once more, in this thread
     * @return one result for each candidate, in their order
     * @throws InterruptedException where this thread was interrupted; all sockets are closed then
     */
    public List<ProbeResult> probe(List<Candidate> candidates, Consumer<ProbeResult> progress)
            throws InterruptedException {
        for (Candidate candidate : candidates) {
            if (Resolver.isForDns(candidate.url().host())) {
                transport.resolver().prepare();
                break;
            }
        }
        Dialer.warmUp();
        Course course = new Course(plan, candidates.size(), progress);
        Duration pace = plan.pace(candidates.size());
        try {
            while (course.results.size() < candidates.size() || !course.running.isEmpty()) {
                if (!mayStart(course, candidates) || isHeldBack(course)) {
                    course.nextStart = Deadline.after(pace);
                } else if (course.nextStart.isPast()) {
                    start(course, candidates.get(course.started));
                    // Not from now on: on busy processors each wait ends late.
                    course.nextStart = course.nextStart.plus(pace);
                }
                Duration wait =
                        mayStart(course, candidates) ? course.nextStart.remaining() : course.untilNextDeadline();
                Finished next = course.finished.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
                if (next != null) {
                    take(course, next);
                }
                endOverdue(course);
                if (!course.lastSample.isPast()) {
                    startFinalists(course, course.results.size() == candidates.size());
                }
            }
        } finally {
            course.running.values().forEach(running -> running.session().close());
        }
        List<ProbeResult> inOrder = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Optional.ofNullable(course.results.get(i)).ifPresent(inOrder::add);
        }
        return inOrder;
    }

    private static void take(Course course, Finished next) {
        if (next.bug() != null) {
            throw new IllegalStateException("a walk ended by a bug", next.bug());
        }
        Running ended = course.running.get(next.place());
        // One that was ended at its deadline may come late.
        boolean isExpected = ended != null && ended.isSample() == next.isSample();
        if (next.result() != null && ended != null && isExpected) {
            course.end(next.place(), ended, next.result());
            if (!next.isSample()) {
                course.finals.enter(next.walk(), next.result(), next.walk().outlook());
            }
        }
    }

    private boolean mayStart(Course course, List<Candidate> candidates) {
        return course.started < candidates.size() && course.walking < plan.parallel();
    }

    private boolean isHeldBack(Course course) {
        boolean isLongWait = transport.handshakes().expectedWait().compareTo(Allowance.mostLost(plan.timeout())) > 0;
        return isLongWait && !course.hold.isPast();
    }

    private void start(Course course, Candidate candidate) {
        int place = course.started++;
        course.hold = Deadline.after(LONGEST_HOLD);
        // Those that begin together end together, however their starts are paced.
        boolean isFirst = place < plan.parallel() && !course.firstStarts.isPast();
        Deadline deadline = isFirst ? course.firstWave : Deadline.after(plan.timeout());
        Session session = Walk.session(candidate, plan, deadline, transport);
        Walk walk = new Walk(candidate, plan, session, course.calm);
        course.places.put(walk, place);
        course.begin(place, new Running(session, session.allowance()::deadline, false, walk::endAtDeadline));
        spawn("probe-" + candidate.url().host(), course, place, false, walk, walk::run);
    }

    private static void startFinalists(Course course, boolean allWalked) {
        for (Optional<Walk> next = nextFinalist(course, allWalked);
                next.isPresent();
                next = nextFinalist(course, allWalked)) {
            Walk walk = next.get();
            Integer place = course.places.get(walk);
            if (place == null) {
                throw new IllegalStateException("a finalist that was never walked");
            }
            Finalist finalist = new Finalist(walk);
            Deadline deadline = Finalist.deadline(walk.roundTrip()).orSooner(course.end);
            Deadline last = deadline.plus(LAST_WORD);
            course.begin(place, new Running(walk.session(), () -> last, true, finalist::endAtDeadline));
            spawn("sample-" + walk.candidate().url().host(), course, place, true, walk, () -> finalist.run(deadline));
        }
    }

    private static Optional<Walk> nextFinalist(Course course, boolean allWalked) {
        return course.finals.next(allWalked, course.late.isPast(), course::looking);
    }

    private static void spawn(
            String name, Course course, int place, boolean isSample, Walk walk, Supplier<ProbeResult> work) {
        Thread thread = new Thread(() -> {
            try {
                course.finished.add(new Finished(place, isSample, walk, work.get(), null));
            } catch (RuntimeException | Error e) {
                course.finished.add(new Finished(place, isSample, walk, null, e));
            }
        });
        thread.setName(name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void endOverdue(Course course) {
        if (!isOverdue(course.nextDeadline)) {
            return;
        }
        List<Integer> overdue = course.running.entrySet().stream()
                .filter(entry -> isOverdue(entry.getValue().deadline()))
                .map(Map.Entry::getKey)
                .toList();
        for (int place : overdue) {
            Running ended = course.running.get(place);
            if (ended != null) {
                course.end(place, ended, ended.endAtDeadline().get());
            }
        }
        course.nextDeadline = course.running.values().stream()
                .map(Running::deadline)
                .reduce(Deadline::orSooner)
                .orElse(course.end);
    }

    private static boolean isOverdue(Deadline deadline) {
        return deadline.remainingNanos() < -GRACE.toNanos();
    }
}
