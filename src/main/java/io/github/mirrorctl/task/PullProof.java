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
import io.github.mirrorctl.registry.ImageReference;
import io.github.mirrorctl.registry.ProbeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
            List<String> mirrors, DockerInfo info, ProbeTask prober, ProbeTask.Options options, Catalog catalog)
            throws InterruptedException {
        ImageStore store = info.imageStore().orElse(ImageStore.CONTAINERD);
        Optional<EngineVersion> version = info.version().flatMap(EngineVersion::parse);
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
        ProbeTask.Report report = prober.measure(candidates, Set.copyOf(spelled.keySet()), List.of(), options, r -> {});
        List<Tried> steps = new ArrayList<>();
        for (Candidate candidate : candidates) {
            report.all().stream()
                    .filter(result -> result.candidate().url().equals(candidate.url()))
                    .findFirst()
                    .ifPresent(result -> steps.add(new Tried(
                            spelled.getOrDefault(candidate.url(), ""), result, PullEffect.of(result, store, version))));
        }
        report.hub().ifPresent(hub -> steps.add(new Tried("Docker Hub", hub, PullEffect.of(hub, store, version))));
        return of(options.images().get(0), store, steps);
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
                        : Problem.of("pull-served", Severity.INFO, image.toString(), end.mirror());
            case HANGS -> Problem.of("pull-hangs", Severity.ERROR, end.mirror(), store.key(), verdict);
            case ABORTS -> Problem.of("pull-aborts", Severity.ERROR, end.mirror(), store.key(), verdict);
            case PASSED_OVER -> throw new IllegalStateException("an end that is passed over");
        };
    }
}
