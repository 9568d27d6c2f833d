package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.registry.FakeRegistry.At;
import io.github.mirrorctl.registry.FakeRegistry.Request;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found when blobs are asked for, against what engines make of it (docker-facts §5.2). */
class FinalistTest {
    /** Larger than what a walk looks at before the finals. */
    private static final FakeImage IMAGE = FakeImage.of("library/node:20-alpine", FakeImage.MediaTypes.OCI, 1, 200_000);

    private static final int LARGE = 300_000;

    private record Row(
            String name, UnaryOperator<FakeRegistry> setUp, Duration timeout, Verdict verdict, String reason) {
        @Override
        public String toString() {
            return name + " is " + verdict.key();
        }
    }

    private static Row row(String name, Misbehaviour atBlobs, Verdict verdict, String reason) {
        return new Row(name, r -> r.with(atBlobs, At.BLOB), Probes.AMPLE, verdict, reason);
    }

    private static Row hangs(String name, Misbehaviour atBlobs, String reason) {
        return new Row(name, r -> r.with(atBlobs, At.BLOB), Probes.SHORT, Verdict.STALLED, reason);
    }

    static Stream<Row> wrongContent() {
        return Stream.of(
                row("a byte that flipped", Misbehaviour.corrupt(), Verdict.CORRUPT, "blob-mismatch"),
                row(
                        "a byte that flipped in layers alone",
                        Misbehaviour.fromSize(1000, Misbehaviour.corrupt()),
                        Verdict.CORRUPT,
                        "blob-mismatch"),
                row("a body cut short", Misbehaviour.truncate(), Verdict.CORRUPT, "blob-cut-short"),
                row("a body reset in its midst", Misbehaviour.truncateByReset(), Verdict.CORRUPT, "blob-cut-short"),
                row(
                        "a large layer cut short",
                        Misbehaviour.fromSize(LARGE, Misbehaviour.truncate()),
                        Verdict.CORRUPT,
                        "blob-cut-short"),
                row("chunks cut short", Misbehaviour.chunkedAndCut(false), Verdict.CORRUPT, "blob-cut-short"),
                row("another size", Misbehaviour.body(new byte[10]), Verdict.CORRUPT, "blob-cut-short"),
                row("100 MB", Misbehaviour.hugeBody(100_000_000), Verdict.CORRUPT, "blob-too-long"),
                row("a body without an end", Misbehaviour.endlessBody(), Verdict.CORRUPT, "blob-too-long"),
                row("chunks without an end", Misbehaviour.endlessChunks(), Verdict.CORRUPT, "blob-too-long"),
                row(
                        "a gzip bomb nobody asked for",
                        Misbehaviour.gzipBomb(50_000_000),
                        Verdict.CORRUPT,
                        "blob-too-long"),
                row("a page", Misbehaviour.page(200), Verdict.NOT_A_REGISTRY, "answers-a-page"));
    }

    static Stream<Row> refusals() {
        return Stream.of(
                row("404", Misbehaviour.error(404, "BLOB_UNKNOWN", "unknown"), Verdict.MISSING_IMAGE, "missing-blob"),
                row("403", Misbehaviour.error(403, "DENIED", "campus only"), Verdict.DENIED, "denied"),
                row("429", Misbehaviour.status(429), Verdict.RATE_LIMITED, "rate-limited"),
                row("500", Misbehaviour.status(500), Verdict.SERVER_ERROR, "server-error"),
                row(
                        "503 after the first look",
                        Misbehaviour.unlessRanged(Misbehaviour.status(503)),
                        Verdict.SERVER_ERROR,
                        "server-error"),
                row("401", Misbehaviour.status(401), Verdict.LOGIN_REQUIRED, "login-required"),
                row("a redirect in a loop", Misbehaviour.redirectLoop(), Verdict.NOT_A_REGISTRY, "too-many-redirects"),
                row(
                        "a storage where nobody listens",
                        Misbehaviour.redirect("http://127.0.0.1:1/"),
                        Verdict.UNREACHABLE,
                        "connection-lost"),
                row("closed without an answer", Misbehaviour.close(), Verdict.UNREACHABLE, "connection-lost"),
                row("garbage", Misbehaviour.garbage("nothing\r\n"), Verdict.NOT_A_REGISTRY, "not-http"));
    }

    static Stream<Row> hangs() {
        return Stream.of(
                hangs("a layer that never comes", Misbehaviour.hang(), "blob-timeout"),
                hangs("a layer that drips", Misbehaviour.drip(50), "blob-slow"),
                hangs(
                        "a configuration that never comes",
                        Misbehaviour.unlessRanged(Misbehaviour.hang()),
                        "blob-timeout"),
                hangs(
                        "a large layer that stops half-way",
                        Misbehaviour.unlessRanged(Misbehaviour.fromSize(LARGE, Misbehaviour.stall())),
                        "blob-stalled"));
    }

    @ParameterizedTest
    @MethodSource({"wrongContent", "refusals", "hangs"})
    void finds_at_the_blobs_what_would_break_a_pull(Row row) throws InterruptedException {
        try (FakeRegistry registry = row.setUp().apply(FakeRegistry.serving(IMAGE))) {

            ProbeResult result = Probes.probe(registry.url(), Probes.plan(Depth.BLOB, row.timeout()));

            String told = result + " after " + registry.lines();
            assertThat(result.verdict()).as(told).isEqualTo(row.verdict());
            assertThat(result.failedAt()).as(told).contains(Step.BLOB);
            assertThat(result.depth()).as(told).contains(Depth.MANIFEST);
            assertThat(result.reason().map(Reason::code)).as(told).contains(row.reason());
            assertThat(result.sample()).as(told).isEmpty();
            assertThat(result.requests()).as(told).isLessThanOrEqualTo(24);
            assertThat(result.bytesReceived()).as(told).isLessThan(2_000_000);
            assertThat(registry.isLeftAlone()).isTrue();
        }
    }

    /** What an engine does there differs from what it does where a layer does not come. */
    @Test
    void tells_a_storage_that_does_not_open_from_a_layer_that_does_not_come() throws Exception {
        try (FullBacklog storage = new FullBacklog(InetAddress.getByName("127.0.0.2"), 0);
                FakeRegistry registry = FakeRegistry.serving(IMAGE)
                        .with(Misbehaviour.redirect("http://127.0.0.2:" + storage.port() + "/"), At.BLOB)) {

            ProbeResult result = Probes.probe(registry.url(), Probes.plan(Depth.BLOB, Probes.SHORT));

            assertThat(result.verdict()).isEqualTo(Verdict.STALLED);
            assertThat(result.failedAt()).contains(Step.BLOB);
            assertThat(result.reason()).contains(Reason.of("storage-timeout", "127.0.0.2:" + storage.port()));
        }
    }

    private static ProbeResult probe(FakeRegistry registry) throws InterruptedException {
        return Probes.probe(registry.url(), Probes.plan(Depth.BLOB, Probes.AMPLE));
    }

    @Test
    void reads_the_configuration_and_the_smallest_layer_whole_and_samples_the_largest() throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE).withToken()) {

            ProbeResult result = probe(registry);

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(result.depth()).contains(Depth.BLOB);
            assertThat(result.sample().orElseThrow().pull()).isPositive();
            Manifest manifest = Manifest.parse(IMAGE.manifest("amd64")).orElseThrow();
            assertThat(registry.requests().stream()
                            .filter(request -> request.kind() == At.BLOB)
                            .filter(request -> request.header("range").isEmpty())
                            .map(Request::path))
                    .containsExactly(
                            path(manifest.config().orElseThrow()),
                            path(manifest.largestLayer().orElseThrow()),
                            path(manifest.smallestLayer().orElseThrow()));
            assertThat(registry.lines().stream().filter(line -> line.startsWith("GET /token") && line.contains("node")))
                    .hasSize(1);
        }
    }

    private static String path(Manifest.Descriptor blob) {
        return "/v2/library/node/blobs/" + blob.digest();
    }

    @Test
    void follows_a_redirect_to_storage_without_the_token() throws InterruptedException {
        try (FakeRegistry storage = FakeRegistry.serving(IMAGE);
                FakeRegistry registry =
                        FakeRegistry.serving(IMAGE).withToken().with(Misbehaviour.redirectTo(storage), At.BLOB)) {

            ProbeResult result = probe(registry);

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(registry.requests().stream().filter(request -> request.kind() == At.BLOB))
                    .allMatch(request -> request.header("authorization").isPresent());
            assertThat(storage.requests())
                    .hasSize(4)
                    .allMatch(request -> request.header("authorization").isEmpty());
        }
    }

    @Test
    void a_token_that_only_blobs_ask_for_is_fetched_by_one_store_alone() throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE)
                .withChallengeAt(Set.of(At.BLOB), "Bearer realm=\"{url}/token\",service=\"fake\"")) {

            ProbeResult result = probe(registry);

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(result.stores()).containsExactly(ImageStore.CONTAINERD);
        }
    }

    @Test
    void a_registry_that_knows_no_ranges_is_walked_all_the_same() throws InterruptedException {
        Misbehaviour refusesRanges =
                call -> (call.request().header("range").isPresent() ? Misbehaviour.status(416) : Misbehaviour.none())
                        .answer(call);
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE).with(refusesRanges, At.BLOB)) {

            assertThat(probe(registry).depth()).contains(Depth.BLOB);
        }
    }

    @Test
    void a_small_image_is_read_whole_and_its_speed_not_guessed() throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node())) {

            ProbeResult result = probe(registry);

            assertThat(result.depth()).contains(Depth.BLOB);
            assertThat(result.sample().orElseThrow().bytesPerSecond()).isEmpty();
        }
    }

    @Test
    void reads_at_most_sixteen_megabytes_of_a_finalist() throws InterruptedException {
        FakeImage large = FakeImage.of("library/node:20-alpine", FakeImage.MediaTypes.OCI, 1, 8_000_000);
        try (FakeRegistry registry = FakeRegistry.serving(large)) {

            ProbeResult result = probe(registry);

            assertThat(result.depth()).contains(Depth.BLOB);
            assertThat(result.bytesReceived()).isBetween(1_000_000L, 16_500_000L);
        }
    }

    @Test
    void no_more_than_a_dozen_requests_and_150_kilobytes_for_who_is_no_finalist() throws InterruptedException {
        List<FakeRegistry> registries = IntStream.range(0, 8)
                .mapToObj(i -> FakeRegistry.serving(IMAGE).withToken())
                .toList();

        List<ProbeResult> results = probe(registries);

        List<ProbeResult> others =
                results.stream().filter(result -> result.sample().isEmpty()).toList();
        assertThat(others).hasSize(3);
        assertThat(others).allMatch(result -> result.verdict() == Verdict.READY);
        assertThat(others).extracting(ProbeResult::depth).containsOnly(Optional.of(Depth.MANIFEST));
        assertThat(others).allMatch(result -> result.requests() <= 12 && result.bytesReceived() <= 150_000);
        assertThat(Ranking.rank(results, Depth.BLOB)).hasSize(5).doesNotContainAnyElementsOf(others);
    }

    private static List<ProbeResult> probe(List<FakeRegistry> registries) throws InterruptedException {
        List<Candidate> candidates = registries.stream()
                .map(registry -> Probes.candidate(registry.url()))
                .toList();
        Prober prober = new Prober(
                Probes.plan(Depth.BLOB, Probes.AMPLE),
                registry -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
                Proxies.NONE,
                Resolver.SYSTEM);
        List<ProbeResult> results = prober.probe(candidates, result -> {});
        registries.forEach(FakeRegistry::close);
        return results;
    }

    @Test
    void a_finalist_that_fails_makes_room_for_the_next() throws InterruptedException {
        List<FakeRegistry> registries = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            registries.add(FakeRegistry.serving(IMAGE));
        }
        for (int i = 0; i < 6; i++) {
            registries.add(
                    FakeRegistry.serving(IMAGE).with(Misbehaviour.unlessRanged(Misbehaviour.corrupt()), At.BLOB));
        }

        List<ProbeResult> results = probe(registries);

        assertThat(results.stream().filter(result -> result.sample().isPresent()))
                .hasSize(5);
        assertThat(results.subList(0, 6)).allMatch(result -> result.verdict() == Verdict.READY);
    }
}
