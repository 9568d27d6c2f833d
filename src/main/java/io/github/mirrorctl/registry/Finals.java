package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may show its blobs, and when: at most five mirrors, two at a time since samples share the line, the most promising
 * first, from the moment at which five have given their manifest. One that fails there makes room for the next.
 * Docker Hub comes beside them, last.
 */
final class Finals {
    private static final int PLACES = 5;
    private static final int AT_A_TIME = 2;

    private final Prober.Plan plan;
    private final List<Entrant> waiting = new ArrayList<>();
    private final Set<Candidate> sampling = new HashSet<>();
    private int passed;
    private boolean hasBegun;

    Finals(Prober.Plan plan) {
        this.plan = plan;
    }

    /** A mirror that was walked to its manifest. */
    private record Entrant(Walk walk, ProbeResult result) {

        boolean isHub() {
            return walk.candidate().equals(Candidate.DOCKER_HUB);
        }

        /** How long a pull might take, as far as is known yet. */
        Duration outlook() {
            return walk.outlook().orElse(Duration.ofDays(1)).plus(Ranking.time(result));
        }
    }

    void enter(Walk walk, ProbeResult result) {
        if (plan.depth() == Depth.BLOB && result.verdict() == Verdict.READY) {
            waiting.add(new Entrant(walk, result));
        }
    }

    /** How one ended that {@link #next} gave out. */
    void left(ProbeResult result) {
        sampling.remove(result.candidate());
        boolean isHub = result.candidate().equals(Candidate.DOCKER_HUB);
        passed += !isHub && result.verdict().isUsable() ? 1 : 0;
    }

    /**
     * The next one to sample; empty where none is to begin now.
     *
     * @param allWalked whether nobody else will enter
     */
    Optional<Walk> next(boolean allWalked) {
        hasBegun |= allWalked || mirrorsWaiting() >= PLACES;
        if (!hasBegun || sampling.size() >= AT_A_TIME) {
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
        boolean isFull = passed + mirrorsSampling() >= PLACES;
        Optional<Entrant> next = waiting.stream()
                .filter(entrant -> entrant.isHub() ? mayHubBegin(allWalked, isFull) : !isFull)
                .min(Comparator.comparing(Entrant::isHub)
                        .thenComparing(entrant -> !plan.alwaysSampled()
                                .contains(entrant.walk().candidate().url()))
                        .thenComparing(entrant -> stale.contains(entrant.walk().candidate()))
                        .thenComparing(Entrant::outlook));
        next.ifPresent(entrant -> {
            waiting.remove(entrant);
            sampling.add(entrant.walk().candidate());
        });
        return next.map(Entrant::walk);
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
