package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.registry.FakeRegistry.At;
import io.github.mirrorctl.registry.FakeRegistry.Header;
import io.github.mirrorctl.registry.FakeRegistry.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a mirror is burdened with, counted at the mirror. */
class PolitenessTest {
    static final int MOST_REQUESTS = 12;
    static final long MOST_BYTES = 150_000;
    private static final long MOST_BYTES_OF_FINALIST = 16_000_000;

    /** Its largest layer is longer than what may be looked at. */
    private static final FakeImage LARGE = FakeImage.of("library/node:20-alpine", FakeImage.MediaTypes.OCI, 1, 200_000);

    private static final int HUGE = 50_000_000;

    private static ProbeResult walk(FakeRegistry registry) {
        Candidate candidate = Probes.candidate(registry.url());
        return Probes.walk(candidate, Probes.session(candidate));
    }

    private record Row(String name, UnaryOperator<FakeRegistry> setUp) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> burdens() {
        Misbehaviour redirectedOnce = call -> {
            boolean isFollowed = call.request().path().contains("again");
            String path = call.request().path();
            String again = path + (path.contains("?") ? "&" : "?") + "again";
            return (isFollowed ? Misbehaviour.none() : Misbehaviour.redirect(call.url() + again)).answer(call);
        };
        return Stream.of(
                new Row("a healthy mirror", r -> r),
                new Row("a mirror that wants tokens", FakeRegistry::withToken),
                new Row("redirects everywhere", r -> r.withToken().with(redirectedOnce)),
                new Row("a redirect in a loop", r -> r.with(Misbehaviour.redirectLoop())),
                new Row("long pages at /v2/", r -> r.with(Misbehaviour.hugeBody(60_000), At.PING)),
                new Row("an endless page at /v2/", r -> r.with(Misbehaviour.endlessBody(), At.PING)),
                new Row("long heads", r -> r.with(Misbehaviour.header("X-Long", "x".repeat(30_000)))),
                new Row("a manifest of 100 MB", r -> r.with(Misbehaviour.hugeBody(100_000_000), At.TAG)),
                new Row("a platform's manifest without an end", r -> r.with(Misbehaviour.endlessChunks(), At.PLATFORM)),
                new Row("closes after every answer", r -> r.with(Misbehaviour.http10())),
                new Row("a layer without an end", r -> r.with(Misbehaviour.endlessBody(), At.BLOB)));
    }

    @ParameterizedTest
    @MethodSource("burdens")
    void a_mirror_that_is_no_finalist_bears_a_dozen_requests_and_150_kB(Row row) {
        try (FakeRegistry registry = row.setUp().apply(FakeRegistry.serving(LARGE))) {

            ProbeResult result = walk(registry);

            assertThat(registry.requests()).as(result.toString()).hasSizeLessThanOrEqualTo(MOST_REQUESTS);
            assertThat(result.requests()).isEqualTo(registry.requests().size());
            assertThat(result.bytesReceived()).isLessThanOrEqualTo(MOST_BYTES);
        }
    }

    @Test
    void no_more_than_150_kB_are_sent_where_parts_of_a_layer_can_be_asked_for() {
        try (FakeRegistry registry = FakeRegistry.serving(LARGE).withToken()) {

            ProbeResult result = walk(registry);

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(registry.bytesSent()).isBetween(44_000L, MOST_BYTES);
        }
    }

    /** A manifest that promises a configuration and a layer which are never all read. */
    private static FakeRegistry promising(long configBytes, long layerBytes) {
        String blob = "{\"mediaType\":\"m\",\"digest\":\"%s\",\"size\":%d}";
        String config = FakeImage.digest(new byte[10_000]);
        byte[] manifest = FakeImage.bytes("{\"schemaVersion\":2,\"config\":" + blob.formatted(config, configBytes)
                + ",\"layers\":[" + blob.formatted("sha256:" + "b".repeat(64), layerBytes) + "]}");
        Misbehaviour zeroes = call -> {
            boolean isConfig = call.request().path().contains(config);
            long size = isConfig ? configBytes : layerBytes;
            Header length = new Header("Content-Length", String.valueOf(size));
            call.write(Reply.of(200, "").head("HTTP/1.1", List.of(length)));
            byte[] block = new byte[10_000];
            for (long left = size; left > 0; left -= block.length) {
                call.write(block);
            }
            return false;
        };
        return FakeRegistry.serving(LARGE)
                .with(Misbehaviour.body(manifest), At.HEAD, At.TAG)
                .with(zeroes, At.BLOB);
    }

    @ParameterizedTest
    @EnumSource
    void a_finalist_bears_16_MB(Fat fat) throws InterruptedException {
        try (FakeRegistry registry = promising(fat.configBytes, fat.layerBytes)) {

            ProbeResult result = Probes.probe(registry.url(), Probes.plan(Depth.BLOB, Probes.AMPLE));

            assertThat(result.bytesReceived())
                    .as(result.toString())
                    .isBetween(1_000_000L, MOST_BYTES_OF_FINALIST + 2 * MOST_BYTES);
        }
    }

    private enum Fat {
        LAYER(10_000, HUGE),
        CONFIGURATION(HUGE, 10_000),
        BOTH(HUGE, HUGE);

        private final long configBytes;
        private final long layerBytes;

        Fat(long configBytes, long layerBytes) {
            this.configBytes = configBytes;
            this.layerBytes = layerBytes;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PING", "TOKEN", "HEAD", "TAG", "PLATFORM", "BLOB"})
    void one_that_says_when_to_come_back_is_asked_no_more(At place) throws InterruptedException {
        for (int status : new int[] {429, 503}) {
            Misbehaviour later = Misbehaviour.reply(normal ->
                    Reply.error(status, "TOOMANYREQUESTS", "slow down").and("Retry-After", "120"));
            try (FakeRegistry registry = FakeRegistry.serving(LARGE).withToken().with(later, place)) {

                ProbeResult result = Probes.probe(registry.url(), Probes.plan(Depth.BLOB, Probes.AMPLE));

                assertThat(result.verdict())
                        .as(result + " after " + registry.lines())
                        .isEqualTo(status == 429 ? Verdict.RATE_LIMITED : Verdict.SERVER_ERROR);
                assertThat(result.reason().orElseThrow().arguments()).containsExactly("120 s");
                assertThat(registry.requests().stream().filter(request -> request.kind() == place))
                        .hasSize(1);
                assertThat(registry.requests()
                                .get(registry.requests().size() - 1)
                                .kind())
                        .isEqualTo(place);
            }
        }
    }

    @Test
    void a_limit_met_after_the_walk_keeps_a_mirror_from_the_finals() throws InterruptedException {
        Misbehaviour later = Misbehaviour.reply(
                normal -> Reply.error(429, "TOOMANYREQUESTS", "slow down").and("Retry-After", "9"));
        AtomicInteger pings = new AtomicInteger();
        Misbehaviour fromTheSecond = call -> (pings.incrementAndGet() == 1 ? Misbehaviour.none() : later).answer(call);
        try (FakeRegistry registry = FakeRegistry.serving(LARGE).with(fromTheSecond, At.PING)) {

            ProbeResult result = Probes.probe(registry.url(), Probes.plan(Depth.BLOB, Probes.AMPLE));

            assertThat(result.verdict()).isEqualTo(Verdict.RATE_LIMITED);
            assertThat(registry.lines()).noneMatch(line -> line.contains("/blobs/"));
        }
    }

    @Test
    void no_manifest_is_asked_for_by_GET_before_its_HEAD() {
        try (FakeRegistry registry = FakeRegistry.serving(LARGE)) {

            walk(registry);

            List<At> kinds =
                    registry.requests().stream().map(FakeRegistry.Request::kind).toList();
            assertThat(kinds.indexOf(At.HEAD)).isBetween(0, kinds.indexOf(At.TAG));
        }
    }

    // ---- images that are not official ----

    private static boolean isOther(FakeRegistry.Request request) {
        return request.path().contains("/prom/prometheus/");
    }

    private static Misbehaviour refusingOthers(Misbehaviour refusal) {
        return call -> (isOther(call.request()) ? refusal : Misbehaviour.none()).answer(call);
    }

    static Stream<Row> allowlists() {
        return Stream.of(
                new Row("403", r -> r.with(refusingOthers(Misbehaviour.error(403, "DENIED", "not on the list")))),
                new Row("451", r -> r.with(refusingOthers(Misbehaviour.status(451)))),
                new Row(
                        "401 in spite of the token",
                        r -> r.withToken().with(refusingOthers(Misbehaviour.error(401, "UNAUTHORIZED", "no")))),
                new Row(
                        "no token for it",
                        r -> r.withToken()
                                .with(call -> (call.request().path().contains("prometheus")
                                                ? Misbehaviour.status(403)
                                                : Misbehaviour.none())
                                        .answer(call))));
    }

    @ParameterizedTest
    @MethodSource("allowlists")
    void an_allowlist_is_told_and_excludes_nobody(Row row) throws InterruptedException {
        try (FakeRegistry registry = row.setUp().apply(FakeRegistry.serving(LARGE))) {

            ProbeResult result = Probes.probe(registry.url(), Probes.plan(Depth.BLOB, Probes.AMPLE));

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(result.sample()).isPresent();
            assertThat(result.hasAllowlist()).isTrue();
            assertThat(result.reason()).contains(Reason.of("allowlist", "prom/prometheus"));
        }
    }

    static Stream<Row> noAllowlists() {
        return Stream.of(
                new Row("404, since it has only this image", r -> r),
                new Row("404 for all who have a token", FakeRegistry::withToken),
                new Row("500", r -> r.with(refusingOthers(Misbehaviour.status(500)), At.HEAD)),
                new Row("a redirect away", r -> r.with(refusingOthers(Misbehaviour.redirect("https://x.invalid/")))),
                new Row("closed", r -> r.with(refusingOthers(Misbehaviour.close()))),
                new Row("never an answer", r -> r.with(refusingOthers(Misbehaviour.hang()))));
    }

    @ParameterizedTest
    @MethodSource("noAllowlists")
    void whatever_else_comes_of_another_image_says_nothing(Row row) throws InterruptedException {
        try (FakeRegistry registry = row.setUp().apply(FakeRegistry.serving(LARGE))) {

            ProbeResult result = Probes.probe(registry.url(), Probes.plan(Depth.BLOB, Probes.AMPLE));

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(result.sample()).isPresent();
            assertThat(result.hasAllowlist()).isFalse();
            assertThat(result.reason()).isEmpty();
            assertThat(registry.requests()).filteredOn(PolitenessTest::isOther).hasSizeBetween(1, 2);
        }
    }

    @Test
    void no_other_image_is_asked_for_where_one_that_is_not_official_was_asked_for() throws InterruptedException {
        FakeImage image = FakeImage.of("grafana/loki:latest", FakeImage.MediaTypes.OCI, 1, 256);
        Prober.Plan plan = new Prober.Plan(
                List.of(ImageReference.parse("grafana/loki")),
                Depth.MANIFEST,
                Probes.AMPLE,
                8,
                "amd64",
                Optional.empty(),
                Set.of());
        try (FakeRegistry registry = FakeRegistry.serving(image)) {

            ProbeResult result = Probes.probe(registry.url(), plan);

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(registry.requests()).noneMatch(PolitenessTest::isOther);
        }
    }
}
