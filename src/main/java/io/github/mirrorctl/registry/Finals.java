package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may show its blobs, and when: at most five mirrors, two at a time since samples share the line, the most promising
 * first, from the moment at which five have given their manifest. The five that come first are the nearest and not the
 * fastest, so a place is kept from those that promise little while others are still on their way. One that fails
 * there makes room for the next. Docker Hub comes beside them, last.
 */
final class Finals {
    private static final int AT_A_TIME = 2;
    /** A pull that is expected to take so many times as long as the best one promises little. */
    private static final int LITTLE = 2;

    private final Prober.Plan plan;
    private final List<Entrant> waiting = new ArrayList<>();
    private final Set<Candidate> sampling = new HashSet<>();
    /** How long a pull takes from each, as far as is known yet. */
    private final Map<Candidate, Duration> expected = new HashMap<>();

    private int passed;
    private boolean hasBegun;

    Finals(Prober.Plan plan) {
        this.plan = plan;
    }

    /** A mirror that was walked to its manifest. */
    private record Entrant(Walk walk, ProbeResult result, Duration outlook) {

        boolean isHub() {
            return walk.candidate().equals(Candidate.DOCKER_HUB);
        }
    }

    /** @param outlook how long a pull might take, as far as the walk could see; empty where it saw nothing of a layer */
    void enter(Walk walk, ProbeResult result, Optional<Duration> outlook) {
        if (plan.depth() == Depth.BLOB && result.verdict() == Verdict.READY) {
            Entrant entrant =
                    new Entrant(walk, result, outlook.orElse(Duration.ofDays(1)).plus(Ranking.time(result)));
            waiting.add(entrant);
            expected.put(result.candidate(), entrant.outlook());
        }
    }

    /** How one ended that {@link #next} gave out. */
    void left(ProbeResult result) {
        sampling.remove(result.candidate());
        boolean isHub = result.candidate().equals(Candidate.DOCKER_HUB);
        passed += !isHub && result.verdict().isUsable() ? 1 : 0;
        if (result.verdict().isUsable()) {
            expected.put(result.candidate(), Ranking.time(result));
        } else {
            expected.remove(result.candidate());
        }
    }

    /**
     * The next one to sample; empty where none is to begin now.
     *
     * @param allWalked whether nobody else will enter
     * @param isLate whether whoever else enters is not worth waiting for
     */
    Optional<Walk> next(boolean allWalked, boolean isLate) {
        hasBegun |= allWalked || isLate || mirrorsWaiting() >= Prober.FINALISTS;
        if (!hasBegun || waiting.isEmpty() || sampling.size() >= AT_A_TIME) {
            return Optional.empty();
        }
        List<ProbeResult> compared = Ranking.compareDigests(
                waiting.stream()
                        .filter(entrant -> !entrant.isHub())
                        .map(Entrant::result)
                        .toList(),
                waiting.stream().filter(Entrant::isHub).map(Entrant::result).findFirst(),
                plan.pinned());
        Set<Candidate> stale = new HashSet<>();
        compared.stream().filter(result -> result.verdict() == Verdict.STALE).forEach(r -> stale.add(r.candidate()));
        boolean isFull = passed + mirrorsSampling() >= Prober.FINALISTS;
        Optional<Entrant> next = waiting.stream()
                .filter(entrant -> entrant.isHub()
                        ? mayHubBegin(allWalked, isFull)
                        : !isFull && (allWalked || isLate || isPromising(entrant)))
                .min(Comparator.comparing(Entrant::isHub)
                        .thenComparing(entrant -> !plan.alwaysSampled()
                                .contains(entrant.walk().candidate().url()))
                        .thenComparing(entrant -> !entrant.result().isUsableBy(plan.store()))
                        .thenComparing(entrant -> stale.contains(entrant.walk().candidate()))
                        .thenComparing(Entrant::outlook));
        next.ifPresent(entrant -> {
            waiting.remove(entrant);
            sampling.add(entrant.walk().candidate());
        });
        return next.map(Entrant::walk);
    }

    private boolean isPromising(Entrant entrant) {
        Duration best = expected.entrySet().stream()
                .filter(one -> !one.getKey().equals(Candidate.DOCKER_HUB))
                .map(Map.Entry::getValue)
                .min(Comparator.naturalOrder())
                .orElse(entrant.outlook());
        return entrant.outlook().compareTo(best.multipliedBy(LITTLE)) <= 0
                || plan.alwaysSampled().contains(entrant.walk().candidate().url());
    }

    private boolean mayHubBegin(boolean allWalked, boolean isFull) {
        return isFull || (allWalked && mirrorsWaiting() == 0);
    }

    private long mirrorsWaiting() {
        return waiting.stream().filter(entrant -> !entrant.isHub()).count();
    }

    private long mirrorsSampling() {
        return sampling.stream()
                .filter(candidate -> !candidate.equals(Candidate.DOCKER_HUB))
                .count();
    }
}
