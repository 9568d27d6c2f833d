package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.Digest;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.TestResults;
import io.github.mirrorctl.registry.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProbeReportTest {
    private static final Set<ImageStore> BOTH = Set.of(ImageStore.values());

    private static ProbeTask.Report report(Optional<Digest> pinned, ProbeResult... ranked) {
        return report(Optional.empty(), pinned, ranked);
    }

    private static ProbeTask.Report report(Optional<ProbeResult> hub, Optional<Digest> pinned, ProbeResult... ranked) {
        ProbeTask.Options options = new ProbeTask.Options(
                List.of(), Depth.MANIFEST, Duration.ofSeconds(5), 1, "amd64", pinned, Optional.empty());
        return new ProbeTask.Report(
                options, Duration.ZERO, ProxyChoice.UNUSED, hub, List.of(ranked), List.of(), List.of(), List.of());
    }

    private static List<String> electable(ProbeTask.Report report, boolean areNamed) {
        Set<MirrorUrl> all =
                report.all().stream().map(result -> result.candidate().url()).collect(Collectors.toSet());
        return report.electable(areNamed ? all : Set.of(), Set.of()).stream()
                .map(result -> result.candidate().url().toString())
                .toList();
    }

    @Test
    void plain_http_across_the_internet_is_only_for_those_who_name_it() {
        ProbeTask.Report report = report(
                Optional.empty(),
                TestResults.of("http://198.18.0.1:18000", Verdict.READY, BOTH),
                TestResults.of("http://10.9.9.9:18001", Verdict.READY, BOTH),
                TestResults.of("https://a.example/path", Verdict.READY, BOTH));

        assertThat(electable(report, false)).containsExactly("http://10.9.9.9:18001");
        assertThat(electable(report, true))
                .containsExactly("http://198.18.0.1:18000", "http://10.9.9.9:18001", "https://a.example/path");
    }

    /** As when one in the file competes with those that the user names. */
    @Test
    void what_one_is_named_for_is_not_for_the_others() {
        ProbeTask.Report report = report(
                Optional.empty(),
                TestResults.of("http://198.18.0.1:18000", Verdict.READY, BOTH),
                TestResults.of("http://198.18.0.2:18000", Verdict.READY, BOTH));
        Set<MirrorUrl> named = Set.of(MirrorUrl.parse("http://198.18.0.2:18000"));

        assertThat(report.electable(named, Set.of()))
                .extracting(result -> result.candidate().url())
                .containsExactlyElementsOf(named);
    }

    @Test
    void stale_ones_are_for_want_of_better_ones_and_never_against_a_digest() {
        ProbeResult stale = TestResults.of("https://stale.example", Verdict.STALE, BOTH);
        ProbeResult ready = TestResults.of("https://ready.example", Verdict.READY, BOTH);
        Optional<Digest> pinned = Optional.of(Digest.of(new byte[] {1}));

        assertThat(electable(report(Optional.empty(), stale), false)).containsExactly("https://stale.example");
        assertThat(electable(report(Optional.empty(), ready, stale), false)).containsExactly("https://ready.example");
        assertThat(electable(report(pinned, ready, stale), false)).containsExactly("https://ready.example");
        assertThat(electable(report(pinned, stale), false)).isEmpty();
    }

    /** Scripts have to be told as well as readers. */
    @Test
    void says_where_mirrors_would_slow_pulls_down() {
        ProbeResult mirror = TestResults.of("https://a.example", Verdict.READY, BOTH);
        Candidate hub = Candidate.DOCKER_HUB;

        assertThat(codes(report(Optional.of(TestResults.after(Duration.ofMillis(9), hub)), Optional.empty(), mirror)))
                .containsExactly("hub-faster");
        assertThat(codes(report(Optional.of(TestResults.after(Duration.ofMillis(11), hub)), Optional.empty(), mirror)))
                .isEmpty();
        assertThat(codes(report(Optional.of(TestResults.after(Duration.ofMillis(9), hub)), Optional.empty())))
                .isEmpty();
        assertThat(codes(report(Optional.empty(), mirror))).isEmpty();
    }

    private static List<String> codes(ProbeTask.Report report) {
        return report.choosing(Set.of()).warnings().stream().map(Problem::code).toList();
    }

    @Test
    void says_why_nobody_is_chosen() {
        ProbeResult stale = TestResults.of("https://stale.example", Verdict.STALE, BOTH);
        ProbeResult open = TestResults.of("http://open.example", Verdict.READY, BOTH);
        ProbeResult half = TestResults.of("https://half.example", Verdict.READY, Set.of(ImageStore.CONTAINERD));
        Digest digest = Digest.of(new byte[] {1});

        assertThat(report(Optional.of(digest), stale).noChoice(Set.of()).code()).isEqualTo("digest-unmet");
        assertThat(report(Optional.of(digest), stale).noChoice(Set.of()).arguments())
                .containsExactly("1", digest.toString());
        assertThat(report(Optional.empty(), open).noChoice(Set.of()).code()).isEqualTo("none-unnamed");
        assertThat(report(Optional.empty(), half).noChoice(Set.of()).code()).isEqualTo("none-for-store");
        assertThat(report(Optional.empty()).noChoice(Set.of()).code()).isEqualTo("nothing-usable");
        assertThat(report(Optional.empty(), open)
                        .noChoice(Set.of(MirrorUrl.parse("http://open.example")))
                        .code())
                .isEqualTo("none-but-own");
        assertThat(report(Optional.empty(), open).failure()).isEmpty();
    }
}
