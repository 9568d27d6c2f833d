package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may show its blobs, and when: at most five mirrors, two at a time since samples share the line, from the moment at
 * which five have given their manifest. The likeliest to be fast begins, and whoever may gain most over the best so far
 * follows. The five that come first are the nearest and not the fastest, so a place is kept from those that promise little
 * while others are still on their way, and in the end for each whose layer is looked at already. One that fails makes room
 * for the next. Docker Hub comes beside them, last.
 */
final class Finals {
    private static final int AT_A_TIME = 2;
    /** A pull that is expected to take so many times as long as the best one promises little. */
    private static final int LITTLE = 2;

    private final Prober.Plan plan;
    /** All who ever entered, since each has a voice in what the tag means. */
    private final List<Entrant> entered = new ArrayList<>();

    private final List<Entrant> waiting = new ArrayList<>();
    private final List<Entrant> sampling = new ArrayList<>();
    /** Mirrors that passed; Docker Hub is not among them. */
    private final List<Sampled> sampled = new ArrayList<>();

    private boolean hasBegun;

    Finals(Prober.Plan plan) {
        this.plan = plan;
    }

    /** A mirror that was walked to its manifest. */
    private record Entrant(Walk walk, ProbeResult result, Outlook outlook) {

        Candidate candidate() {
            return walk.candidate();
        }

        boolean isHub() {
            return walk.isOfHub();
        }

        Duration likely() {
            return outlook.likely();
        }
    }

    /** @param pull how long one takes */
    private record Sampled(Entrant entrant, Duration pull) {}

    /** @param outlook how long a pull might take; empty where the walk saw nothing of a layer */
    void enter(Walk walk, ProbeResult result, Optional<Outlook> outlook) {
        if (plan.depth() == Depth.BLOB && result.verdict() == Verdict.READY) {
            Entrant entrant = new Entrant(walk, result, outlook.orElse(Outlook.NONE));
            entered.add(entrant);
            waiting.add(entrant);
        }
    }

    /** How one ended that {@link #next} gave out. */
    void left(ProbeResult result) {
        for (Entrant entrant : List.copyOf(sampling)) {
            if (entrant.candidate().equals(result.candidate())) {
                sampling.remove(entrant);
                if (!entrant.isHub() && result.verdict().isUsable()) {
                    result.sample().ifPresent(sample -> sampled.add(new Sampled(entrant, sample.pull())));
                }
            }
        }
    }

    /**
     * The next one to sample; empty where none is to begin now.
     *
     * @param allWalked whether nobody else will enter
     * @param isLate whether those are not worth waiting for that have not given their manifests yet
     * @param looking tells how many have given them, and may enter soon; asked only where that matters
     */
    Optional<Walk> next(boolean allWalked, boolean isLate, IntSupplier looking) {
        hasBegun |= allWalked || isLate || mirrors(waiting).count() >= Prober.FINALISTS;
        if (!hasBegun || waiting.isEmpty() || sampling.size() >= AT_A_TIME) {
            return Optional.empty();
        }
        long places = Prober.FINALISTS - sampled.size() - mirrors(sampling).count();
        Optional<Entrant> mirror =
                places <= 0 ? Optional.empty() : nextMirror(allWalked, isLate && places > looking.getAsInt());
        boolean mayHubBegin =
                places <= 0 || (allWalked && mirrors(waiting).findAny().isEmpty());
        Optional<Entrant> next = mirror.or(() -> mayHubBegin ? hub(waiting) : Optional.empty());
        next.ifPresent(entrant -> {
            waiting.remove(entrant);
            sampling.add(entrant);
        });
        return next.map(Entrant::walk);
    }

    /** @param isForAny whether there is a place for mirrors that promise little */
    private Optional<Entrant> nextMirror(boolean allWalked, boolean isForAny) {
        Set<Candidate> stale = stale();
        Stream<Duration> pulls =
                sampled.stream().filter(one -> isRival(one.entrant(), stale)).map(Sampled::pull);
        Optional<Duration> best = fastest(Stream.concat(pulls, likelyOfRivals(sampling, stale)));
        Optional<Duration> bestExpected = fastest(Stream.concat(best.stream(), likelyOfRivals(waiting, stale)));
        Duration limit =
                bestExpected.map(expected -> expected.multipliedBy(LITTLE)).orElse(Duration.ZERO);
        return mirrors(waiting)
                .filter(entrant -> allWalked
                        || isNamed(entrant)
                        || ((isRival(entrant, stale) || bestExpected.isEmpty())
                                && (isForAny || entrant.likely().compareTo(limit) <= 0)))
                .min(Comparator.comparing((Entrant entrant) -> !isNamed(entrant))
                        .thenComparing(entrant -> !isUsable(entrant))
                        .thenComparing(entrant -> stale.contains(entrant.candidate()))
                        .thenComparing(entrant -> gain(entrant, best), Comparator.reverseOrder())
                        .thenComparing(Entrant::likely)
                        .thenComparing(entrant -> Ranking.time(entrant.result())));
    }

    private Set<Candidate> stale() {
        List<ProbeResult> compared = Ranking.compareDigests(
                mirrors(entered).map(Entrant::result).toList(), hub(entered).map(Entrant::result), plan.pinned());
        return compared.stream()
                .filter(result -> result.verdict() == Verdict.STALE)
                .map(ProbeResult::candidate)
                .collect(Collectors.toSet());
    }

    /** How much faster than the best so far this one may turn out to be. */
    private static Duration gain(Entrant entrant, Optional<Duration> best) {
        return best.map(entrant.outlook()::gainOver).orElse(Duration.ZERO);
    }

    private boolean isNamed(Entrant entrant) {
        return plan.alwaysSampled().contains(entrant.candidate().url());
    }

    private boolean isUsable(Entrant entrant) {
        return entrant.result().isUsableBy(plan.store());
    }

    /** Whether it may end up first, so that others are compared with it. */
    private boolean isRival(Entrant entrant, Set<Candidate> stale) {
        return !entrant.isHub() && isUsable(entrant) && !stale.contains(entrant.candidate());
    }

    private Stream<Duration> likelyOfRivals(List<Entrant> entrants, Set<Candidate> stale) {
        return entrants.stream().filter(entrant -> isRival(entrant, stale)).map(Entrant::likely);
    }

    private static Optional<Duration> fastest(Stream<Duration> times) {
        return times.min(Comparator.naturalOrder());
    }

    private static Stream<Entrant> mirrors(List<Entrant> entrants) {
        return entrants.stream().filter(entrant -> !entrant.isHub());
    }

    private static Optional<Entrant> hub(List<Entrant> entrants) {
        return entrants.stream().filter(Entrant::isHub).findFirst();
    }
}
