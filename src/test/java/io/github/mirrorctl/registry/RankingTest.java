package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.CatalogReader;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.MirrorUrl;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static final Digest RIGHT = Digest.of(new byte[] {1});
    private static final Digest OTHER = Digest.of(new byte[] {2});
    private static final Digest THIRD = Digest.of(new byte[] {3});

    private static final Catalog CATALOG = CatalogReader.parse(
            ("{\"schemaVersion\":1,\"mirrors\":["
                            + entry("private-1", "personal", 1) + ","
                            + entry("private-2", "personal", 2) + ","
                            + entry("school-1", "university", 1) + ","
                            + entry("school-3", "university", 3) + "]}")
                    .getBytes(StandardCharsets.UTF_8),
            "test");

    private static String entry(String id, String kind, int tier) {
        return "{\"id\":\"%s\",\"url\":\"https://%s.example\",\"kind\":\"%s\",\"tier\":%d}"
                .formatted(id, id, kind, tier);
    }

    private static ProbeResult result(String id, Verdict verdict, int millis, Digest digest) {
        return result(id, verdict, millis, digest, false);
    }

    private static ProbeResult result(String id, Verdict verdict, int millis, Digest digest, boolean hasAllowlist) {
        return new ProbeResult(
                new Candidate(MirrorUrl.parse(id + ".example"), CATALOG.byId(id)),
                verdict,
                Optional.of(Depth.MANIFEST),
                Optional.empty(),
                OptionalInt.of(200),
                Optional.empty(),
                new Latency(
                        Optional.of(Duration.ofSeconds(9)),
                        Optional.of(Duration.ofMillis(millis / 2)),
                        Optional.of(Duration.ofSeconds(9)),
                        Optional.of(Duration.ofMillis(millis - millis / 2))),
                Optional.of(digest),
                Optional.empty(),
                Set.of(ImageStore.values()),
                false,
                hasAllowlist,
                1,
                1,
                List.of());
    }

    private static ProbeResult ready(String id, int millis) {
        return result(id, Verdict.READY, millis, RIGHT);
    }

    private static List<String> ranked(ProbeResult... results) {
        return Ranking.rank(List.of(results), Depth.MANIFEST).stream()
                .map(result -> result.candidate().url().host().replace(".example", ""))
                .toList();
    }

    @Test
    void the_fastest_comes_first() {
        assertThat(ranked(ready("private-1", 300), ready("school-3", 200), ready("school-1", 100)))
                .containsExactly("school-1", "school-3", "private-1");
    }

    @Test
    void a_named_operator_comes_first_among_nearly_equals() {
        assertThat(ranked(ready("private-1", 100), ready("school-3", 110))).containsExactly("school-3", "private-1");
        assertThat(ranked(ready("private-1", 100), ready("school-3", 111))).containsExactly("private-1", "school-3");
    }

    @Test
    void one_with_an_allowlist_comes_behind_its_equals_alone() {
        ProbeResult listed = result("school-1", Verdict.READY, 100, RIGHT, true);

        assertThat(ranked(listed, ready("school-3", 109))).containsExactly("school-3", "school-1");
        assertThat(ranked(listed, ready("school-3", 111))).containsExactly("school-1", "school-3");
        assertThat(ranked(listed, ready("private-1", 100))).containsExactly("school-1", "private-1");
    }

    @Test
    void a_group_reaches_from_its_fastest_and_does_not_creep() {
        assertThat(ranked(ready("private-1", 100), ready("private-2", 109), ready("school-1", 118)))
                .containsExactly("private-1", "private-2", "school-1");
    }

    @Test
    void ties_go_to_the_lower_tier_and_then_to_the_order_given() {
        assertThat(ranked(ready("school-3", 100), ready("school-1", 100))).containsExactly("school-1", "school-3");
        assertThat(ranked(ready("b", 100), ready("a", 100))).containsExactly("b", "a");
        assertThat(ranked(ready("a", 100), ready("b", 100))).containsExactly("a", "b");
    }

    @Test
    void stale_ones_come_behind_and_failures_not_at_all() {
        assertThat(ranked(
                        result("school-1", Verdict.STALE, 1, OTHER),
                        result("school-3", Verdict.STALLED, 1, OTHER),
                        ready("private-1", 900)))
                .containsExactly("private-1", "school-1");
    }

    @Test
    void one_without_a_measurement_comes_last() {
        ProbeResult unmeasured = new ProbeResult(
                Probes.candidate("unmeasured.example"),
                Verdict.READY,
                Optional.of(Depth.MANIFEST),
                Optional.empty(),
                OptionalInt.of(200),
                Optional.empty(),
                new Latency(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.of(RIGHT),
                Optional.empty(),
                Set.of(ImageStore.values()),
                false,
                false,
                1,
                1,
                List.of());

        assertThat(ranked(unmeasured, ready("private-1", 5000))).containsExactly("private-1", "unmeasured");
        assertThat(ranked()).isEmpty();
    }

    // ---- digests ----

    private static List<Verdict> verdicts(List<ProbeResult> results) {
        return results.stream().map(ProbeResult::verdict).toList();
    }

    @Test
    void the_minority_is_stale_and_both_digests_are_told() {
        List<ProbeResult> compared = Ranking.compareDigests(
                List.of(ready("a", 1), result("b", Verdict.READY, 1, OTHER), ready("c", 1)),
                Optional.empty(),
                Optional.empty());

        assertThat(verdicts(compared)).containsExactly(Verdict.READY, Verdict.STALE, Verdict.READY);
        assertThat(compared.get(1).reason().orElseThrow())
                .isEqualTo(Reason.of("stale", OTHER.toString(), RIGHT.toString()));
    }

    @Test
    void nobody_is_stale_where_no_digest_leads() {
        List<ProbeResult> even = List.of(ready("a", 1), result("b", Verdict.READY, 1, OTHER));

        assertThat(Ranking.compareDigests(even, Optional.empty(), Optional.empty()))
                .isEqualTo(even);
        assertThat(Ranking.compareDigests(List.of(), Optional.empty(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void the_hubs_word_counts_more_than_many_mirrors() {
        List<ProbeResult> results =
                List.of(result("a", Verdict.READY, 1, OTHER), result("b", Verdict.READY, 1, OTHER), ready("c", 1));

        List<ProbeResult> compared = Ranking.compareDigests(results, Optional.of(ready("hub", 1)), Optional.empty());
        List<ProbeResult> hubDown = Ranking.compareDigests(
                results, Optional.of(result("hub", Verdict.CORRUPT, 1, THIRD)), Optional.empty());

        assertThat(verdicts(compared)).containsExactly(Verdict.STALE, Verdict.STALE, Verdict.READY);
        assertThat(verdicts(hubDown)).containsExactly(Verdict.READY, Verdict.READY, Verdict.STALE);
    }

    @Test
    void a_pinned_digest_counts_more_than_the_hub() {
        List<ProbeResult> compared = Ranking.compareDigests(
                List.of(ready("a", 1), result("b", Verdict.READY, 1, THIRD)),
                Optional.of(ready("hub", 1)),
                Optional.of(THIRD));

        assertThat(verdicts(compared)).containsExactly(Verdict.STALE, Verdict.READY);
    }

    @Test
    void failures_have_no_voice() {
        List<ProbeResult> compared = Ranking.compareDigests(
                List.of(ready("a", 1), result("b", Verdict.CORRUPT, 1, OTHER), result("c", Verdict.CORRUPT, 1, OTHER)),
                Optional.empty(),
                Optional.empty());

        assertThat(verdicts(compared)).containsExactly(Verdict.READY, Verdict.CORRUPT, Verdict.CORRUPT);
    }

    @Test
    void a_mirror_that_answers_with_an_older_digest_is_found() throws InterruptedException {
        try (FakeRegistry one = FakeRegistry.serving(FakeImage.node());
                FakeRegistry two = FakeRegistry.serving(FakeImage.node());
                FakeRegistry old = FakeRegistry.serving(FakeImage.olderNode())) {
            List<ProbeResult> results =
                    List.of(Probes.probe(one.url()), Probes.probe(old.url()), Probes.probe(two.url()));

            List<ProbeResult> compared = Ranking.compareDigests(results, Optional.empty(), Optional.empty());

            assertThat(verdicts(compared)).containsExactly(Verdict.READY, Verdict.STALE, Verdict.READY);
        }
    }
}
