package io.github.mirrorctl.registry;

import static io.github.mirrorctl.mirror.ImageStore.CONTAINERD;
import static io.github.mirrorctl.mirror.ImageStore.GRAPHDRIVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.registry.FakeRegistry.At;
import io.github.mirrorctl.registry.FakeRegistry.Reply;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each way of misbehaving is called, against what engines make of it (docker-facts §5.2, bench RESULTS A to C). */
class VerdictTest {
    private static final Set<ImageStore> BOTH = Set.of(GRAPHDRIVER, CONTAINERD);
    private static final At[] MANIFESTS = {At.HEAD, At.TAG, At.PLATFORM};

    /** One row: what the registry does, and what must be said of it. */
    private record Row(
            String name,
            UnaryOperator<FakeRegistry> setUp,
            Depth depth,
            Duration timeout,
            Verdict verdict,
            Optional<Step> failedAt,
            OptionalInt status,
            Optional<String> reason,
            Set<ImageStore> stores) {

        /** A row at the depth of the manifest that is not a matter of time. */
        static Row of(String name, UnaryOperator<FakeRegistry> setUp) {
            return new Row(
                    name,
                    setUp,
                    Depth.MANIFEST,
                    Probes.AMPLE,
                    Verdict.READY,
                    Optional.empty(),
                    OptionalInt.of(200),
                    Optional.empty(),
                    BOTH);
        }

        Row atDepth(Depth other) {
            return new Row(name, setUp, other, timeout, verdict, failedAt, status, reason, stores);
        }

        Row ready() {
            return this;
        }

        Row ready(String reason, ImageStore... usable) {
            return new Row(
                    name,
                    setUp,
                    depth,
                    timeout,
                    Verdict.READY,
                    failedAt,
                    status,
                    Optional.of(reason),
                    usable.length == 0 ? BOTH : Set.of(usable));
        }

        Row fails(Verdict as, Step at, int httpStatus, String why) {
            OptionalInt decided = httpStatus == 0 ? OptionalInt.empty() : OptionalInt.of(httpStatus);
            return new Row(name, setUp, depth, timeout, as, Optional.of(at), decided, Optional.of(why), stores);
        }

        /** For what never answers. */
        Row hangs(Verdict as, Step at, String why) {
            return new Row(
                    name,
                    setUp,
                    depth,
                    Probes.SHORT,
                    as,
                    Optional.of(at),
                    OptionalInt.empty(),
                    Optional.of(why),
                    stores);
        }

        @Override
        public String toString() {
            return name + " is " + verdict.key();
        }
    }

    private static Row row(String name, UnaryOperator<FakeRegistry> setUp) {
        return Row.of(name, setUp);
    }

    private static FakeRegistry sameAsUsual(FakeRegistry registry) {
        return registry;
    }

    static Stream<Row> healthy() {
        return Stream.of(
                row("a plain registry", VerdictTest::sameAsUsual).ready(),
                row("a registry that wants a token", FakeRegistry::withToken).ready(),
                row("chunked answers", r -> r.with(Misbehaviour.chunked(7))).ready(),
                row("HTTP/1.0", r -> r.with(Misbehaviour.http10())).ready(),
                row(
                                "a sha512 digest",
                                r -> r.with(
                                        Misbehaviour.reply(normal -> normal.without("Docker-Content-Digest")
                                                .and("Docker-Content-Digest", sha512(normal.body()))),
                                        At.TAG))
                        .ready(),
                row("no Docker-Content-Digest", r -> r.with(Misbehaviour.withoutHeader("Docker-Content-Digest")))
                        .ready(),
                row("interim answers", r -> r.with(Misbehaviour.interim(3))).ready(),
                row("a body behind the answer to HEAD", r -> r.with(Misbehaviour.bodyToHead(), At.HEAD))
                        .ready(),
                row("a connection closed after each answer", r -> r.with(Misbehaviour.header("Connection", "close")))
                        .ready());
    }

    static Stream<Row> pings() {
        return Stream.of(
                row("/v2/ 404", r -> r.with(Misbehaviour.status(404), At.PING)).ready("ping-status"),
                row("/v2/ 500", r -> r.with(Misbehaviour.status(500), At.PING)).ready("ping-status"),
                row("/v2/ a page", r -> r.with(Misbehaviour.page(200), At.PING)).ready("ping-page"),
                row("/v2/ an endless body", r -> r.with(Misbehaviour.endlessBody(), At.PING))
                        .ready(),
                row("/v2/ closed without an answer", r -> r.with(Misbehaviour.close(), At.PING))
                        .ready("ping-broken", CONTAINERD),
                row("/v2/ reset", r -> r.with(Misbehaviour.reset(), At.PING)).ready("ping-broken", CONTAINERD),
                row("/v2/ in a loop", r -> r.with(Misbehaviour.redirectLoop(), At.PING))
                        .ready("ping-broken", CONTAINERD),
                row(
                                "/v2/ redirected to where nobody listens",
                                r -> r.with(Misbehaviour.redirect("http://127.0.0.1:1/"), At.PING))
                        .ready("ping-broken", CONTAINERD),
                row("/v2/ that hangs", r -> r.with(Misbehaviour.hang(), At.PING))
                        .hangs(Verdict.STALLED, Step.PING, "ping-timeout"),
                row("/v2/ that drips", r -> r.with(Misbehaviour.drip(1000), At.PING))
                        .hangs(Verdict.STALLED, Step.PING, "ping-timeout"),
                row("an accepted connection that hangs", r -> r.with(Misbehaviour.hang(), At.ACCEPT))
                        .hangs(Verdict.STALLED, Step.PING, "ping-timeout"));
    }

    static Stream<Row> pingsAlone() {
        return Stream.of(
                        row("200", VerdictTest::sameAsUsual).ready(),
                        row("401", FakeRegistry::withToken).ready().atDepth(Depth.PING),
                        row("404", r -> r.with(Misbehaviour.status(404)))
                                .fails(Verdict.NOT_A_REGISTRY, Step.PING, 404, "answers-a-page"),
                        row("a page", r -> r.with(Misbehaviour.page(200)))
                                .fails(Verdict.NOT_A_REGISTRY, Step.PING, 200, "answers-a-page"),
                        row("403", r -> r.with(Misbehaviour.error(403, "DENIED", "campus only")))
                                .fails(Verdict.DENIED, Step.PING, 403, "denied"),
                        row("429", r -> r.with(Misbehaviour.status(429)))
                                .fails(Verdict.RATE_LIMITED, Step.PING, 429, "rate-limited"),
                        row("503", r -> r.with(Misbehaviour.status(503)))
                                .fails(Verdict.SERVER_ERROR, Step.PING, 503, "server-error"),
                        row("Basic", r -> r.withChallenge("Basic realm=\"x\""))
                                .fails(Verdict.LOGIN_REQUIRED, Step.PING, 401, "login-required"),
                        row("garbage", r -> r.with(Misbehaviour.garbage("SSH-2.0-OpenSSH_9.2\r\n")))
                                .fails(Verdict.NOT_A_REGISTRY, Step.PING, 0, "not-http"),
                        row("closed", r -> r.with(Misbehaviour.close()))
                                .fails(Verdict.UNREACHABLE, Step.PING, 0, "connection-lost"),
                        row("a hang", r -> r.with(Misbehaviour.hang()))
                                .hangs(Verdict.STALLED, Step.PING, "ping-timeout"))
                .map(row -> row.atDepth(Depth.PING));
    }

    static Stream<Row> refusals() {
        return Stream.of(
                row("403 with an envelope", r -> r.with(Misbehaviour.error(403, "DENIED", "not for you"), MANIFESTS))
                        .fails(Verdict.DENIED, Step.MANIFEST, 403, "denied"),
                row("451", r -> r.with(Misbehaviour.status(451), MANIFESTS))
                        .fails(Verdict.DENIED, Step.MANIFEST, 451, "denied"),
                row("429", r -> r.with(Misbehaviour.status(429), MANIFESTS))
                        .fails(Verdict.RATE_LIMITED, Step.MANIFEST, 429, "rate-limited"),
                row(
                                "429 with Retry-After",
                                r -> r.with(
                                        Misbehaviour.reply(
                                                n -> Reply.of(429, "").and("Retry-After", "120")),
                                        MANIFESTS))
                        .fails(Verdict.RATE_LIMITED, Step.MANIFEST, 429, "rate-limited-until"),
                row("404", r -> r.with(Misbehaviour.error(404, "MANIFEST_UNKNOWN", "unknown"), MANIFESTS))
                        .fails(Verdict.MISSING_IMAGE, Step.MANIFEST, 404, "missing-image"),
                row("404 everywhere without an envelope", r -> r.with(Misbehaviour.page(404)))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 404, "answers-a-page"),
                row("500", r -> r.with(Misbehaviour.status(500, "oops"), MANIFESTS))
                        .fails(Verdict.SERVER_ERROR, Step.MANIFEST, 500, "server-error"),
                row("502 everywhere", r -> r.with(Misbehaviour.page(502)))
                        .fails(Verdict.SERVER_ERROR, Step.MANIFEST, 502, "server-error"),
                row("400", r -> r.with(Misbehaviour.status(400), MANIFESTS))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 400, "odd-status"),
                row("401 without a challenge", r -> r.withChallenge())
                        .fails(Verdict.LOGIN_REQUIRED, Step.MANIFEST, 401, "login-required"),
                row("Basic", r -> r.withChallenge("Basic realm=\"x\""))
                        .fails(Verdict.LOGIN_REQUIRED, Step.MANIFEST, 401, "login-required"),
                row(
                                "an index without our platform",
                                r -> r.with(
                                        Misbehaviour.body(FakeImage.bytes("{\"schemaVersion\":2,\"manifests\":[]}")),
                                        At.TAG))
                        .fails(Verdict.MISSING_IMAGE, Step.MANIFEST, 200, "no-such-platform"),
                row(
                                "the platform's manifest missing",
                                r -> r.with(Misbehaviour.error(404, "MANIFEST_UNKNOWN", "unknown"), At.PLATFORM))
                        .fails(Verdict.MISSING_IMAGE, Step.MANIFEST, 404, "missing-image"));
    }

    static Stream<Row> heads() {
        return Stream.of(
                row("HEAD 405", r -> r.with(Misbehaviour.status(405), At.HEAD)).ready(),
                row("HEAD 404", r -> r.with(Misbehaviour.status(404), At.HEAD)).ready("head-refused", GRAPHDRIVER),
                row(
                                "HEAD 404 and /v2/ broken",
                                r -> r.with(Misbehaviour.status(404), At.HEAD).with(Misbehaviour.close(), At.PING))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 404, "head-refused"));
    }

    static Stream<Row> pages() {
        return Stream.of(
                row("a page everywhere", r -> r.with(Misbehaviour.page(200)))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 200, "answers-a-page"),
                row("a page for the manifest", r -> r.with(Misbehaviour.page(200), MANIFESTS))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 200, "answers-a-page"),
                row("JSON that is no manifest", r -> r.with(Misbehaviour.body(FakeImage.bytes("{}")), MANIFESTS))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "not-a-manifest"),
                row("a redirect in a loop", r -> r.with(Misbehaviour.redirectLoop(), MANIFESTS))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 302, "too-many-redirects"),
                row(
                                "a redirect to what is no address",
                                r -> r.with(Misbehaviour.redirect("ftp://files.example/"), MANIFESTS))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 307, "redirects-away"),
                row(
                                "a redirect to where nobody listens",
                                r -> r.with(Misbehaviour.redirect("http://127.0.0.1:1/"), MANIFESTS))
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, 0, "connection-lost"));
    }

    static Stream<Row> broken() {
        return Stream.of(
                row("a byte that flipped", r -> r.with(Misbehaviour.corrupt(), At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "digest-mismatch"),
                row("a byte that flipped in the platform's manifest", r -> r.with(Misbehaviour.corrupt(), At.PLATFORM))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "digest-mismatch"),
                row(
                                "a wrong digest header",
                                r -> r.with(
                                        Misbehaviour.header("Docker-Content-Digest", "sha256:" + "0".repeat(64)),
                                        At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "digest-mismatch"),
                row("a manifest cut short", r -> r.with(Misbehaviour.truncate(), At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "manifest-cut-short"),
                row("a manifest reset in its midst", r -> r.with(Misbehaviour.truncateByReset(), At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "manifest-cut-short"),
                row("a chunked manifest cut between chunks", r -> r.with(Misbehaviour.chunkedAndCut(false), At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "manifest-cut-short"),
                row("a chunked manifest reset between chunks", r -> r.with(Misbehaviour.chunkedAndCut(true), At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "manifest-cut-short"),
                row("a manifest of 100 MB", r -> r.with(Misbehaviour.hugeBody(100_000_000), At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "manifest-too-long"),
                row("a manifest without an end", r -> r.with(Misbehaviour.endlessBody(), At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "manifest-too-long"),
                row("chunks without an end", r -> r.with(Misbehaviour.endlessChunks(), At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "manifest-too-long"),
                row("a gzip bomb nobody asked for", r -> r.with(Misbehaviour.gzipBomb(50_000_000), At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "manifest-too-long"),
                row("an index within the index", r -> r.with(indexInIndex(), At.TAG, At.PLATFORM))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "index-in-index"),
                row(
                                "a manifest that is nothing but brackets",
                                r -> r.with(
                                        Misbehaviour.body(FakeImage.bytes("{\"manifests\":" + "[".repeat(100_000))),
                                        At.TAG))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "not-a-manifest"));
    }

    /** Seen with engine 20.10.24, which takes the next mirror; containerd's resolver.go ends the pull. */
    static Stream<Row> mislabelled() {
        return Stream.of(
                row(
                                "JSON by its type alone",
                                r -> r.with(Misbehaviour.header("Content-Type", "application/json"), MANIFESTS))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "not-a-manifest"),
                row("no Content-Type", r -> r.with(Misbehaviour.withoutHeader("Content-Type"), MANIFESTS))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "not-a-manifest"),
                row(
                                "a Content-Type with parameters",
                                r -> r.with(
                                        Misbehaviour.header(
                                                "Content-Type", FakeImage.MediaTypes.OCI.index + " ; charset=utf-8"),
                                        At.HEAD,
                                        At.TAG))
                        .ready(),
                row(
                                "a digest header that is no digest",
                                r -> r.with(Misbehaviour.header("Docker-Content-Digest", "md5:1"), MANIFESTS))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, 200, "digest-mismatch"));
    }

    private static Misbehaviour indexInIndex() {
        byte[] inner = FakeImage.bytes("{\"schemaVersion\":2,\"manifests\":[]}");
        byte[] outer = FakeImage.bytes("{\"manifests\":[{\"size\":1,\"digest\":\"" + Digest.of(inner)
                + "\",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}");
        return call -> {
            byte[] body = call.request().kind() == At.TAG ? outer : inner;
            call.send(new Reply(200, List.of(), body).and("Content-Type", FakeImage.MediaTypes.DOCKER.index));
            return true;
        };
    }

    static Stream<Row> noHttp() {
        return Stream.of(
                row("garbage", r -> r.with(Misbehaviour.garbage("SSH-2.0-OpenSSH_9.2\r\n")))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 0, "not-http"),
                row("10,000 header lines", r -> r.with(Misbehaviour.manyHeaders(10_000)))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 0, "not-http"),
                row("a header of 10 MB", r -> r.with(Misbehaviour.longHeader(10_000_000)))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 0, "not-http"),
                row("interim answers for ever", r -> r.with(Misbehaviour.interimForEver()))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 0, "not-http"),
                row("two lengths", r -> r.with(Misbehaviour.header("Content-Length", "7")))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, 0, "not-http"),
                row("closed without an answer", r -> r.with(Misbehaviour.close()))
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, 0, "connection-lost"),
                row("reset", r -> r.with(Misbehaviour.reset()))
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, 0, "connection-lost"),
                row("reset where it accepted", r -> r.with(Misbehaviour.resetAfterFirstByte(), At.ACCEPT))
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, 0, "connection-lost"),
                row("a closed port", FakeRegistry::refusing)
                        .fails(Verdict.REFUSED, Step.CONNECT, 0, "connect-refused"));
    }

    static Stream<Row> hangs() {
        return Stream.of(
                row("a manifest that never comes", r -> r.with(Misbehaviour.hang(), MANIFESTS))
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"),
                row("a GET that never comes", r -> r.with(Misbehaviour.hang(), At.TAG))
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"),
                row("a platform's manifest that never comes", r -> r.with(Misbehaviour.hang(), At.PLATFORM))
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"),
                row("a manifest that stops half-way", r -> r.with(Misbehaviour.stall(), At.TAG))
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"),
                row("a manifest that drips", r -> r.with(Misbehaviour.drip(200), At.TAG))
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"));
    }

    static Stream<Row> tokens() {
        return Stream.of(
                row("a token as OAuth 2 calls it", r -> r.withToken().with(accessToken(), At.TOKEN))
                        .ready(),
                row(
                                "a realm with a query of its own",
                                r -> r.withChallenge("Bearer service=fake, realm=\"{url}/token?a=b\""))
                        .ready(),
                row(
                                "a challenge among others",
                                r -> r.withChallenge(
                                        "Negotiate", "Digest realm=\"x\", Bearer realm={url}/token, service=fake"))
                        .ready(),
                row(
                                "a login offered beside tokens",
                                r -> r.withChallenge("Basic realm=\"x\", Bearer realm={url}/token, service=fake"))
                        .ready("login-offered", CONTAINERD),
                row("a login that only /v2/ asks for", r -> r.withChallengeAt(Set.of(At.PING), "Basic realm=\"x\""))
                        .ready("login-offered", CONTAINERD),
                row(
                                "a token that only the manifest asks for",
                                r -> r.withChallengeAt(
                                        Set.of(At.HEAD, At.TAG, At.PLATFORM), "Bearer realm=\"{url}/token\""))
                        .ready("token-after-ping", CONTAINERD),
                row("a token refused", r -> r.withToken().with(Misbehaviour.error(403, "DENIED", "no"), At.TOKEN))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, 403, "token-refused"),
                row(
                                "a token refused where only /v2/ asks for it",
                                r -> r.withChallengeAt(Set.of(At.PING), "Bearer realm=\"{url}/token\"")
                                        .with(Misbehaviour.status(404), At.TOKEN))
                        .ready("token-refused", CONTAINERD),
                row("a token service out of order", r -> r.withToken().with(Misbehaviour.status(502), At.TOKEN))
                        .fails(Verdict.SERVER_ERROR, Step.TOKEN, 502, "token-refused"),
                row("a token service with a limit", r -> r.withToken().with(Misbehaviour.status(429), At.TOKEN))
                        .fails(Verdict.RATE_LIMITED, Step.TOKEN, 429, "token-refused"),
                row("an answer without a token", r -> r.withToken().with(Misbehaviour.status(200, "{}"), At.TOKEN))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, 200, "token-missing"),
                row("a page for a token", r -> r.withToken().with(Misbehaviour.page(200), At.TOKEN))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, 200, "token-missing"),
                row(
                                "a token that would break our header",
                                r -> r.withToken()
                                        .with(Misbehaviour.status(200, "{\"token\":\"a\\r\\nX: y\"}"), At.TOKEN))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, 200, "token-missing"),
                row(
                                "a token that does not help",
                                r -> r.withToken().with(Misbehaviour.status(200, "{\"token\":\"other\"}"), At.TOKEN))
                        .fails(Verdict.LOGIN_REQUIRED, Step.MANIFEST, 401, "login-required"),
                row("a realm that hangs", r -> r.withToken().with(Misbehaviour.hang(), At.TOKEN))
                        .hangs(Verdict.STALLED, Step.TOKEN, "realm-timeout"),
                row("a realm where nobody listens", r -> r.withChallenge("Bearer realm=\"http://127.0.0.1:1/token\""))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, 0, "realm-unreachable"),
                row(
                                "a realm that redirects",
                                r -> r.withToken()
                                        .with(Misbehaviour.times(1, Misbehaviour.redirect("/token-moved")), At.TOKEN))
                        .ready(),
                row("no realm", r -> r.withChallenge("Bearer"))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, 0, "realm-unusable"),
                row("a realm with a login in it", r -> r.withChallenge("Bearer realm=\"http://u:p@127.0.0.1/\""))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, 0, "realm-unusable"));
    }

    private static Misbehaviour accessToken() {
        return Misbehaviour.reply(normal ->
                normal.withBody(FakeImage.bytes(new String(normal.body(), java.nio.charset.StandardCharsets.UTF_8)
                        .replace("token", "access_token")
                        .replace("-access_token-", "-token-"))));
    }

    @ParameterizedTest
    @MethodSource({
        "healthy",
        "pings",
        "pingsAlone",
        "refusals",
        "heads",
        "pages",
        "broken",
        "mislabelled",
        "noHttp",
        "hangs",
        "tokens"
    })
    void says_of_a_mirror_what_an_engine_would_find(Row row) throws InterruptedException {
        try (FakeRegistry registry = row.setUp().apply(FakeRegistry.serving(FakeImage.node()))) {
            long start = System.nanoTime();

            ProbeResult result = Probes.probe(registry.url(), Probes.plan(row.depth(), row.timeout()));

            String told = result + " after " + registry.lines();
            assertThat(result.verdict()).as(told).isEqualTo(row.verdict());
            assertThat(result.failedAt()).as(told).isEqualTo(row.failedAt());
            assertThat(result.reason().map(Reason::code)).as(told).isEqualTo(row.reason());
            if (row.verdict() == Verdict.READY) {
                assertThat(result.stores()).as(told).isEqualTo(row.stores());
            }
            if (!(row.depth() == Depth.PING && row.verdict() == Verdict.READY)) {
                assertThat(result.httpStatus()).as(told).isEqualTo(row.status());
            }
            assertThat(System.nanoTime() - start)
                    .isLessThan(row.timeout().plusSeconds(2).toNanos());
            assertSentNothingRude(registry);
            assertThat(registry.isLeftAlone()).isTrue();
        }
    }

    private static void assertSentNothingRude(FakeRegistry registry) {
        List<FakeRegistry.Request> requests = registry.requests();
        assertThat(requests).hasSizeLessThanOrEqualTo(12);
        for (FakeRegistry.Request request : requests) {
            assertThat(request.header("user-agent").orElse("")).startsWith("docker/");
            assertThat(request.header("authorization").orElse("Bearer ")).startsWith("Bearer ");
            assertThat(Arrays.asList("GET", "HEAD")).contains(request.method());
        }
    }

    private static String sha512(byte[] content) {
        return Digest.parse("sha512:" + "0".repeat(128))
                .orElseThrow()
                .likewise(content)
                .toString();
    }
}
