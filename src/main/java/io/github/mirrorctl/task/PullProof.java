package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.ImageReference;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Prober;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a pull through the daemon's list will do, foretold mirror by mirror in the daemon's order from a probe of each.
 *
 * @param image which was asked for
 * @param store on which it was judged: the daemon's, or where that is unknown the stricter one
 * @param steps those that the pull comes to, and behind the one that ends it those it does not
 * @param server who serves the image in the end: a mirror, or Docker Hub; empty where the pull ends without it
 */
public record PullProof(ImageReference image, ImageStore store, List<Tried> steps, Optional<String> server) {

    /**
     * A mirror of the list, or Docker Hub at its end.
     *
     * @param mirror as the daemon spells it
     */
    public record Tried(String mirror, ProbeResult probed, PullEffect effect) {
        /** {@code serves}, {@code passed-over}, {@code hangs} or {@code aborts}. */
        public String outcome() {
            return effect.kind().key();
        }

        /** Whether its layers were looked at, where nothing before them ended the walk. */
        public boolean isProven() {
            return !probed.verdict().isUsable() || probed.depth().equals(Optional.of(Depth.BLOB));
        }

        /** What it adds to every pull. */
        public Duration cost() {
            return effect.cost();
        }
    }

    public PullProof {
        steps = List.copyOf(steps);
    }

    /** How to probe; the images' first is the one that is pulled. */
    static PullProof of(
            List<String> mirrors,
            DockerInfo info,
            ProbeTask prober,
            ProbeTask.Options options,
            Catalog catalog,
            Consumer<ProbeTask.News> progress)
            throws InterruptedException {
        ImageStore store = info.imageStore().orElse(ImageStore.CONTAINERD);
        Optional<EngineVersion> version = info.engineVersion();
        Map<MirrorUrl, String> spelled = new HashMap<>();
        List<Candidate> candidates = new ArrayList<>();
        for (String mirror : mirrors) {
            try {
                MirrorUrl url = MirrorUrl.parse(mirror);
                if (spelled.putIfAbsent(url, mirror) == null) {
                    candidates.add(new Candidate(url, catalog.byUrl(url)));
                }
            } catch (Fault noMirror) {
                // A finding of its own says so; the engine passes it over.
            }
        }
        Map<MirrorUrl, ProbeResult> results = new HashMap<>();
        Set<Candidate> undecided = new LinkedHashSet<>(candidates);
        Set<Candidate> lookedAt = new HashSet<>();
        List<Tried> steps = List.of();
        // A probe looks at the layers of five mirrors at most, and those that decide must be among them.
        do {
            ProbeTask.Report report =
                    prober.measure(List.copyOf(undecided), Set.copyOf(spelled.keySet()), List.of(), options, progress);
            report.all().forEach(result -> results.put(result.candidate().url(), result));
            report.hub().ifPresent(hub -> results.put(Candidate.DOCKER_HUB.url(), hub));
            steps = Stream.concat(candidates.stream(), Stream.of(Candidate.DOCKER_HUB))
                    .flatMap(candidate -> Stream.ofNullable(results.get(candidate.url())))
                    .map(result -> new Tried(
                            spelled.getOrDefault(result.candidate().url(), "Docker Hub"),
                            result,
                            PullEffect.of(result, store, version)))
                    .toList();
            lookedAt.addAll(undecided.size() <= Prober.FINALISTS ? undecided : Set.of());
            undecided = undecided(steps, lookedAt);
        } while (!undecided.isEmpty());
        return of(options.images().get(0), store, steps);
    }

    /** Those that a pull may come to and whose layers have not been looked at, as many as one probe looks at. */
    private static Set<Candidate> undecided(List<Tried> steps, Set<Candidate> lookedAt) {
        int end = steps.size();
        for (int i = steps.size() - 1; i >= 0; i--) {
            end = isAnswer(steps.get(i)) && steps.get(i).isProven() ? i : end;
        }
        return steps.subList(0, end).stream()
                .filter(step -> isAnswer(step) && !step.isProven())
                .map(step -> step.probed().candidate())
                .filter(candidate -> !candidate.equals(Candidate.DOCKER_HUB) && !lookedAt.contains(candidate))
                .limit(Prober.FINALISTS)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** From what each of them does to the pull. */
    static PullProof of(ImageReference image, ImageStore store, List<Tried> steps) {
        return new PullProof(image, store, steps, server(steps));
    }

    static boolean isAnswer(Tried step) {
        return step.effect().kind() != PullEffect.Kind.PASSED_OVER;
    }

    private static Optional<String> server(List<Tried> steps) {
        return steps.stream()
                .filter(PullProof::isAnswer)
                .findFirst()
                .filter(step -> step.effect().kind() == PullEffect.Kind.SERVES)
                .map(Tried::mirror);
    }

    /** The step at which the pull ends, well or badly; empty where nobody ends it and it fails. */
    private Optional<Tried> end() {
        return steps.stream().filter(PullProof::isAnswer).findFirst();
    }

    /** What it comes to, for the reader. */
    List<Problem> findings() {
        List<Problem> findings = new ArrayList<>();
        int reached = end().map(steps::indexOf).orElse(steps.size());
        for (Tried step : steps.subList(0, reached)) {
            if (!step.cost().isZero()) {
                findings.add(Problem.of(
                        "pull-delayed",
                        Severity.WARNING,
                        step.mirror(),
                        Long.toString(step.cost().toSeconds()),
                        store.key(),
                        step.probed().verdict().key()));
            }
        }
        findings.add(
                end().map(this::ending).orElseGet(() -> Problem.of("pull-fails", Severity.ERROR, image.toString())));
        return findings;
    }

    private Problem ending(Tried end) {
        String verdict = end.probed().verdict().key();
        boolean isHub = end.probed().candidate().equals(Candidate.DOCKER_HUB);
        return switch (end.effect().kind()) {
            case SERVES ->
                isHub
                        ? Problem.of("pull-by-hub", Severity.WARNING, image.toString())
                        : end.isProven()
                                ? Problem.of("pull-served", Severity.INFO, image.toString(), end.mirror())
                                : Problem.of("pull-unproven", Severity.WARNING, image.toString(), end.mirror());
            case HANGS -> Problem.of("pull-hangs", Severity.ERROR, end.mirror(), store.key(), verdict);
            case ABORTS -> Problem.of("pull-aborts", Severity.ERROR, end.mirror(), store.key(), verdict);
            case PASSED_OVER -> throw new IllegalStateException("an end that is passed over");
        };
    }
}
