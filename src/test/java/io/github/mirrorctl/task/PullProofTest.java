package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.ImageReference;
import io.github.mirrorctl.registry.ProbeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of a pull, from results as {@link PullEffectTest} has them. */
class PullProofTest {
    private final List<PullProof.Tried> steps = new ArrayList<>();

    private void mirror(String url, String verdict, @Nullable String step, int status, @Nullable String reason) {
        add(url, new Candidate(MirrorUrl.parse(url), Optional.empty()), verdict, step, status, reason);
    }

    private void hub(String verdict, @Nullable String step, int status, @Nullable String reason) {
        add("Docker Hub", Candidate.DOCKER_HUB, verdict, step, status, reason);
    }

    private void add(
            String name,
            Candidate candidate,
            String verdict,
            @Nullable String step,
            int status,
            @Nullable String reason) {
        ProbeResult probed = PullEffectTest.probed(candidate, verdict, step, status, reason);
        steps.add(new PullProof.Tried(
                name, probed, PullEffect.of(probed, ImageStore.CONTAINERD, EngineVersion.parse("28.5.2"))));
    }

    private List<Problem> findings() {
        return PullProof.of(ImageReference.parse("node:20-alpine"), ImageStore.CONTAINERD, steps)
                .findings();
    }

    private static List<String> codes(List<Problem> findings) {
        return findings.stream().map(Problem::code).toList();
    }

    @Test
    void counts_what_a_pull_waits_for_before_it_is_served() {
        mirror("https://dead.example", "UNREACHABLE", "CONNECT", 0, "connect-timeout");
        mirror("https://denied.example", "DENIED", "MANIFEST", 403, "denied");
        mirror("https://good.example", "READY", null, 200, null);
        mirror("https://never.example", "UNREACHABLE", "CONNECT", 0, "connect-timeout");
        hub("READY", null, 200, null);

        List<Problem> found = findings();

        assertThat(codes(found)).containsExactly("pull-delayed", "pull-served");
        assertThat(found.get(0).arguments())
                .containsExactly("https://dead.example", "150", "containerd", "unreachable");
        assertThat(found.get(1).arguments()).contains("https://good.example");
    }

    @Test
    void claims_nothing_of_layers_that_were_not_looked_at() {
        ProbeResult probed = PullEffectTest.probed(
                new Candidate(MirrorUrl.parse("https://a.example"), Optional.empty()),
                Optional.of(Depth.MANIFEST),
                "READY",
                null,
                200,
                null);
        steps.add(new PullProof.Tried("https://a.example", probed, PullEffect.serving()));

        assertThat(codes(findings())).containsExactly("pull-unproven");
    }

    @Test
    void tells_a_pull_that_hangs_and_one_that_the_engine_gives_up() {
        mirror("https://slow.example", "STALLED", "MANIFEST", 0, "manifest-timeout");
        mirror("https://good.example", "READY", null, 200, null);
        assertThat(codes(findings())).containsExactly("pull-hangs");

        steps.clear();
        mirror("https://corrupt.example", "CORRUPT", "BLOB", 200, "blob-mismatch");
        mirror("https://good.example", "READY", null, 200, null);
        assertThat(codes(findings())).containsExactly("pull-aborts");
        assertThat(findings().get(0).severity()).isEqualTo(Problem.Severity.ERROR);
    }

    @Test
    void tells_a_pull_that_only_docker_hub_serves_and_one_that_nobody_does() {
        mirror("https://denied.example", "DENIED", "MANIFEST", 403, "denied");
        hub("READY", null, 200, null);
        assertThat(codes(findings())).containsExactly("pull-by-hub");

        steps.remove(1);
        hub("REFUSED", "CONNECT", 0, "connect-refused");
        assertThat(codes(findings())).containsExactly("pull-fails");
    }
}
