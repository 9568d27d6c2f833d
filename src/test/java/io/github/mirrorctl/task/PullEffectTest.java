package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.Latency;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Reason;
import io.github.mirrorctl.registry.Step;
import io.github.mirrorctl.registry.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expectations are what was measured on the engines named; the record of what a dead mirror costs stands in PullEffect. */
class PullEffectTest {

    private static ProbeResult probed(String verdict, String step, int status, String reason) {
        return probed(Candidate.DOCKER_HUB, verdict, step, status, reason);
    }

    static ProbeResult probed(
            Candidate candidate, String verdict, @Nullable String step, int status, @Nullable String reason) {
        return probed(candidate, Optional.of(Depth.BLOB), verdict, step, status, reason);
    }

    static ProbeResult probed(
            Candidate candidate,
            Optional<Depth> depth,
            String verdict,
            @Nullable String step,
            int status,
            @Nullable String reason) {
        return new ProbeResult(
                candidate,
                Verdict.valueOf(verdict),
                depth,
                Optional.ofNullable(step).map(Step::valueOf),
                status > 0 ? OptionalInt.of(status) : OptionalInt.empty(),
                Optional.ofNullable(reason).map(Reason::of),
                new Latency(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Set.of(ImageStore.values()),
                false,
                false,
                1,
                1,
                List.of());
    }

    private static String effect(ProbeResult probed, ImageStore store, String version) {
        PullEffect effect = PullEffect.of(probed, store, EngineVersion.parse(version));
        String cost = effect.cost().isZero() ? "" : " " + effect.cost().toSeconds();
        return effect.kind().key() + cost;
    }

    @ParameterizedTest
    @CsvSource({
        "READY, , 200, , serves",
        "STALE, , 200, stale, serves",
        "REFUSED, CONNECT, 0, connect-refused, passed-over",
        "UNKNOWN_HOST, DNS, 0, unknown-host, passed-over",
        "UNREACHABLE, CONNECT, 0, connect-timeout, passed-over 15",
        "UNREACHABLE, CONNECT, 0, no-route, passed-over",
        "UNREACHABLE, MANIFEST, 0, connection-lost, passed-over",
        "TLS_FAILED, TLS, 0, certificate-expired, passed-over",
        "TLS_FAILED, TLS, 0, tls-timeout, passed-over 10",
        "STALLED, PING, 0, ping-timeout, passed-over 15",
        "STALLED, MANIFEST, 0, manifest-timeout, hangs",
        "STALLED, BLOB, 0, blob-timeout, hangs",
        "STALLED, BLOB, 0, blob-stalled, hangs",
        "STALLED, BLOB, 0, storage-timeout, passed-over 165",
        "STALLED, BLOB, 0, blob-slow, serves",
        "DENIED, MANIFEST, 403, denied, passed-over",
        "MISSING_IMAGE, BLOB, 404, missing-blob, passed-over",
        "SERVER_ERROR, MANIFEST, 500, server-error, passed-over",
        "SERVER_ERROR, BLOB, 500, server-error, passed-over 50",
        "CORRUPT, MANIFEST, 200, digest-mismatch, passed-over",
        "CORRUPT, BLOB, 200, blob-mismatch, passed-over",
        "CORRUPT, BLOB, 200, blob-cut-short, passed-over 50",
        "NOT_A_REGISTRY, MANIFEST, 200, answers-a-page, passed-over",
        "LOGIN_REQUIRED, TOKEN, 401, login-required, passed-over",
    })
    void foretells_a_pull_on_the_classic_store(
            String verdict, String step, int status, String reason, String expected) {
        assertThat(effect(probed(verdict, step, status, reason), ImageStore.GRAPHDRIVER, "28.5.2"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "READY, , 200, , serves",
        "REFUSED, CONNECT, 0, connect-refused, passed-over",
        "UNREACHABLE, CONNECT, 0, connect-timeout, passed-over 150",
        "UNREACHABLE, BLOB, 0, connection-lost, aborts",
        "STALLED, TOKEN, 0, realm-timeout, passed-over 60",
        "STALLED, MANIFEST, 0, manifest-timeout, hangs",
        "STALLED, BLOB, 0, blob-stalled, hangs",
        "STALLED, BLOB, 0, storage-timeout, passed-over 60",
        "DENIED, MANIFEST, 403, denied, passed-over",
        "MISSING_IMAGE, BLOB, 404, missing-blob, passed-over",
        "SERVER_ERROR, BLOB, 500, server-error, passed-over",
        "CORRUPT, MANIFEST, 200, digest-mismatch, aborts",
        "CORRUPT, BLOB, 200, blob-cut-short, aborts",
        "NOT_A_REGISTRY, MANIFEST, 200, answers-a-page, aborts",
        "NOT_A_REGISTRY, MANIFEST, 302, redirects-away, passed-over",
    })
    void foretells_a_pull_on_containerds_store(
            String verdict, String step, int status, String reason, String expected) {
        assertThat(effect(probed(verdict, step, status, reason), ImageStore.CONTAINERD, "28.5.2"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "GRAPHDRIVER, 28.1.1, STALLED, TOKEN, realm-timeout, passed-over 15",
        "GRAPHDRIVER, 28.2.0, STALLED, TOKEN, realm-timeout, aborts",
        "GRAPHDRIVER, 20.10.24, SERVER_ERROR, BLOB, server-error, passed-over 75",
        "CONTAINERD, 29.6.2, STALLED, MANIFEST, manifest-timeout, hangs",
        "CONTAINERD, 29.7.0, STALLED, MANIFEST, manifest-timeout, passed-over 150",
        "CONTAINERD, 29.7.0, STALLED, BLOB, blob-timeout, passed-over 60",
        "CONTAINERD, 29.7.0, STALLED, BLOB, blob-stalled, hangs",
        "CONTAINERD, unknown, STALLED, MANIFEST, manifest-timeout, hangs",
        "GRAPHDRIVER, unknown, STALLED, TOKEN, realm-timeout, aborts",
    })
    void knows_what_changed_with_a_version_and_takes_the_worse_where_it_is_unknown(
            ImageStore store, String version, String verdict, String step, String reason, String expected) {
        assertThat(effect(probed(verdict, step, 0, reason), store, version)).isEqualTo(expected);
    }
}
