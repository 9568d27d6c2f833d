package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.registry.FakeRegistry.At;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks through proxies. All names are {@link FakeProxy}'s to resolve; this machine knows none of them. */
class ProxyTest {
    private static final String LOGIN = "alice:s%40cret";

    private static final TestCertificates CERTIFICATES = TestCertificates.COMMON;
    private static final SSLSocketFactory TLS = CERTIFICATES.client();

    private static FakeRegistry secure() {
        return FakeRegistry.serving(FakeImage.node(), CERTIFICATES.server("good"));
    }

    private static FakeRegistry plain() {
        return FakeRegistry.serving(FakeImage.node());
    }

    /** The registry's address by a name that only the proxy knows. */
    private static String named(FakeRegistry registry) {
        return registry.url().replace("127.0.0.1", "mirror.example");
    }

    private static ProbeResult probe(FakeRegistry registry, Proxies proxies) throws InterruptedException {
        return probe(registry, proxies, Probes.AMPLE);
    }

    private static ProbeResult probe(FakeRegistry registry, Proxies proxies, Duration timeout)
            throws InterruptedException {
        return Probes.probe(named(registry), Probes.plan(Depth.MANIFEST, timeout), TLS, proxies);
    }

    private static void assertReady(ProbeResult result) {
        assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.READY);
        assertThat(result.latency().dns()).isPresent();
        assertThat(result.latency().roundTrip()).isPresent();
        assertThat(result.isInside()).isFalse();
    }

    // ---- what works ----

    @Test
    void a_mirror_over_tls_is_reached_by_a_tunnel() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http();
                FakeRegistry registry = secure()) {

            assertReady(probe(registry, proxy.forAll()));

            assertThat(proxy.asked()).containsOnly("CONNECT mirror.example:" + registry.port());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", LOGIN + "@"})
    void every_kind_of_proxy_serves_both_kinds_of_mirrors(String login) throws InterruptedException {
        try (FakeProxy http = FakeProxy.http();
                FakeProxy https = FakeProxy.https(CERTIFICATES.server("good"));
                FakeProxy socks = FakeProxy.socks();
                FakeRegistry secure = secure();
                FakeRegistry plain = plain()) {
            for (FakeProxy proxy : new FakeProxy[] {http, https, socks}) {
                if (!login.isEmpty()) {
                    proxy.wanting("alice", "s@cret");
                }
                Proxies proxies = Proxies.all(Proxy.parse(proxy.url(login)).orElseThrow());

                assertReady(probe(secure, proxies));
                assertReady(probe(plain, proxies));

                assertThat(proxy.asked()).isNotEmpty().allMatch(asked -> asked.contains("mirror.example:"));
                assertThat(proxy.isLeftAlone()).isTrue();
            }
            assertThat(Stream.concat(secure.requests().stream(), plain.requests().stream()))
                    .isNotEmpty()
                    .allMatch(request -> request.header("proxy-authorization").isEmpty()
                            && request.header("authorization").isEmpty());
        }
    }

    /** SOCKS tells how long a name is in one byte: this one begins with an address and with what follows it on the wire. */
    @Test
    void a_name_that_is_too_long_is_nobodys_and_no_way_inside() throws InterruptedException {
        String name = "10.0.0.5ab" + ".a".repeat(127);
        try (FakeProxy proxy = FakeProxy.socks();
                FakeRegistry registry =
                        secure().with(Misbehaviour.redirect("https://" + name + "/"), FakeRegistry.At.HEAD)) {

            ProbeResult result = probe(registry, proxy.forAll());

            assertThat(result.verdict()).isEqualTo(Verdict.UNREACHABLE);
            assertThat(result.reason().map(Reason::code)).contains("redirects-nowhere");
            assertThat(proxy.asked()).allMatch(asked -> asked.contains("mirror.example"));
        }
    }

    @Test
    void plain_http_is_forwarded_and_needs_no_tunnel() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http();
                FakeRegistry registry = plain()) {

            assertReady(probe(registry, proxy.forAll()));

            assertThat(proxy.asked())
                    .contains("GET http://mirror.example:" + registry.port() + "/v2/")
                    .noneMatch(asked -> asked.startsWith("CONNECT"));
            assertThat(registry.requests())
                    .allMatch(
                            request -> request.header("host").equals(Optional.of("mirror.example:" + registry.port())));
        }
    }

    @Test
    void a_login_goes_to_the_proxy_alone() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http().wanting("alice", "s@cret");
                FakeRegistry secure = secure();
                FakeRegistry plain = plain()) {

            probe(secure, proxy.forAll(LOGIN));
            probe(plain, proxy.forAll(LOGIN));

            assertThat(proxy.logins()).containsOnly("Basic YWxpY2U6c0BjcmV0");
            assertThat(secure.requests()).noneMatch(r -> r.headers().toString().contains("YWxpY2U6c0BjcmV0"));
            assertThat(plain.requests()).noneMatch(r -> r.headers().toString().contains("YWxpY2U6c0BjcmV0"));
        }
    }

    @Test
    void layers_are_sampled_through_a_tunnel() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http();
                FakeRegistry registry = secure()) {

            ProbeResult result =
                    Probes.probe(named(registry), Probes.plan(Depth.BLOB, Probes.AMPLE), TLS, proxy.forAll());

            assertThat(result.depth()).as(result.toString()).contains(Depth.BLOB);
            assertThat(result.sample()).isPresent();
        }
    }

    @Test
    void this_machine_is_reached_without_the_proxy() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http();
                FakeRegistry registry = plain()) {

            ProbeResult result =
                    Probes.probe(registry.url(), Probes.plan(Depth.MANIFEST, Probes.AMPLE), TLS, proxy.forAll());

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @Test
    void whom_the_exceptions_name_is_reached_without_the_proxy() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http();
                FakeRegistry registry = plain().with(Misbehaviour.status(401), At.PING)) {
            Proxies proxies = Proxies.of(Proxy.parse(proxy.url("")), Proxy.parse(proxy.url("")), "mirror.example");

            ProbeResult result = probe(registry, proxies, Probes.SHORT);

            assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN_HOST);
            assertThat(proxy.asked()).isEmpty();
        }
    }

    // ---- where mirrors lead ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "x.localhost",
                "localhost.",
                "127.0.0.1",
                "127.1",
                "2130706433",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "10.0.0.5",
                "169.254.169.254",
                "[::1]",
                "[fd00::1]"
            })
    void a_public_mirror_leads_nobody_inside_through_a_proxy(String inside) throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http();
                FakeRegistry elsewhere = plain();
                FakeRegistry realm = plain().withChallenge(
                                "Bearer realm=\"http://" + inside + ":" + elsewhere.port() + "/token\",service=\"x\"");
                FakeRegistry redirecting = plain().with(
                                Misbehaviour.redirect("http://" + inside + ":" + elsewhere.port() + "/v2/x"), At.TAG)) {

            ProbeResult byRealm = probe(realm, proxy.forAll());
            ProbeResult byRedirect = probe(redirecting, proxy.forAll());

            assertThat(byRealm.verdict()).as(byRealm.toString()).isEqualTo(Verdict.LOGIN_REQUIRED);
            assertThat(byRedirect.verdict()).as(byRedirect.toString()).isNotEqualTo(Verdict.READY);
            assertThat(elsewhere.requests()).isEmpty();
            assertThat(proxy.asked()).noneMatch(asked -> asked.contains(":" + elsewhere.port()));
        }
    }

    @Test
    void a_token_service_is_reached_through_the_proxy_too() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http();
                FakeRegistry registry = plain()) {
            registry.withChallenge("Bearer realm=\"http://auth.example:" + registry.port() + "/token\",service=\"x\"");

            assertReady(probe(registry, proxy.forAll()));

            assertThat(proxy.asked()).anyMatch(asked -> asked.contains("http://auth.example:" + registry.port()));
        }
    }

    @Test
    void a_mirror_of_ones_own_may_lead_to_its_like() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http();
                FakeRegistry registry = plain()) {
            registry.withChallenge("Bearer realm=\"http://10.0.0.6:" + registry.port() + "/token\",service=\"x\"");

            ProbeResult result = Probes.probe(
                    "http://10.0.0.5:" + registry.port(),
                    Probes.plan(Depth.MANIFEST, Probes.AMPLE),
                    TLS,
                    proxy.forAll());

            assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.READY);
            assertThat(result.isInside()).isTrue();
        }
    }

    // ---- what a proxy does wrong ----

    private record Row(
            String name, FakeProxy proxy, String login, Verdict verdict, Step step, String reason, String argument) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row broken(String name, FakeProxy proxy, Verdict verdict, String cause) {
        return new Row(name, proxy, "", verdict, Step.CONNECT, ProbeResult.PROXY_FAILED, cause);
    }

    private static Row says(String name, FakeProxy proxy, Verdict verdict, String reason, String words) {
        return new Row(name, proxy, "", verdict, Step.CONNECT, reason, words);
    }

    static Stream<Row> failures() {
        return Stream.of(
                broken("refuses connections", FakeProxy.http().refusing(), Verdict.REFUSED, "proxy-refused"),
                broken("hangs up", FakeProxy.http().greetingWith(), Verdict.UNREACHABLE, "proxy-closed"),
                broken(
                        "hangs up on an answer",
                        FakeProxy.http().answering("HTTP/1.1 200"),
                        Verdict.UNREACHABLE,
                        "proxy-closed"),
                broken(
                        "speaks something else",
                        FakeProxy.http().greetingWith("SSH-2.0-OpenSSH_9.9\r\n".getBytes(StandardCharsets.US_ASCII)),
                        Verdict.UNREACHABLE,
                        "proxy-not-http"),
                broken(
                        "speaks TLS where it should not",
                        FakeProxy.https(CERTIFICATES.server("good")),
                        Verdict.UNREACHABLE,
                        "proxy-not-http"),
                broken(
                        "answers without an end",
                        FakeProxy.http().answering("x".repeat(100_000)),
                        Verdict.UNREACHABLE,
                        "proxy-not-http"),
                broken("wants a login", FakeProxy.http().wanting("a", "b"), Verdict.LOGIN_REQUIRED, "proxy-login"),
                new Row(
                        "wants another login",
                        FakeProxy.http().wanting("a", "b"),
                        LOGIN + "@",
                        Verdict.LOGIN_REQUIRED,
                        Step.CONNECT,
                        ProbeResult.PROXY_FAILED,
                        "proxy-login-refused"),
                broken(
                        "wants a login that engines have not",
                        FakeProxy.http().answering(407, "Proxy-Authenticate: NTLM", "Proxy-Authenticate: Negotiate"),
                        Verdict.LOGIN_REQUIRED,
                        "proxy-login-not-basic"),
                says("forbids the mirror", FakeProxy.http().answering(403), Verdict.DENIED, "proxy-denies", "HTTP 403"),
                says(
                        "does not reach it",
                        FakeProxy.http().answering(502),
                        Verdict.UNREACHABLE,
                        "proxy-no-way",
                        "HTTP 502"),
                says("waited for it", FakeProxy.http().answering(504), Verdict.UNREACHABLE, "proxy-no-way", "HTTP 504"),
                says(
                        "knows no CONNECT",
                        FakeProxy.http().answering(405),
                        Verdict.UNREACHABLE,
                        "proxy-no-way",
                        "HTTP 405"),
                says(
                        "sends elsewhere",
                        FakeProxy.http().answering(302, "Location: http://login.example/"),
                        Verdict.UNREACHABLE,
                        "proxy-no-way",
                        "HTTP 302"),
                broken(
                        "SOCKS wants a login",
                        FakeProxy.socks().wanting("a", "b"),
                        Verdict.LOGIN_REQUIRED,
                        "proxy-login"),
                new Row(
                        "SOCKS wants another login",
                        FakeProxy.socks().wanting("a", "b"),
                        LOGIN + "@",
                        Verdict.LOGIN_REQUIRED,
                        Step.CONNECT,
                        ProbeResult.PROXY_FAILED,
                        "proxy-login-refused"),
                broken(
                        "SOCKS 4",
                        FakeProxy.socks().greetingWith((byte) 0, (byte) 0x5b),
                        Verdict.UNREACHABLE,
                        "proxy-not-socks"),
                broken("SOCKS hangs up", FakeProxy.socks().greetingWith((byte) 5), Verdict.UNREACHABLE, "proxy-closed"),
                says("SOCKS forbids", FakeProxy.socks().replying(2), Verdict.DENIED, "proxy-denies", "SOCKS 2"),
                says(
                        "SOCKS finds no host",
                        FakeProxy.socks().replying(4),
                        Verdict.UNREACHABLE,
                        "proxy-no-way",
                        "SOCKS 4"),
                says("SOCKS is refused", FakeProxy.socks().replying(5), Verdict.REFUSED, "proxy-no-way", "SOCKS 5"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void what_a_proxy_does_wrong_is_told_from_what_a_mirror_does(Row row) throws InterruptedException {
        try (FakeProxy proxy = row.proxy();
                FakeRegistry registry = secure()) {
            // As a user would write it who knows of no TLS.
            String url = proxy.url(row.login()).replace("https:", "http:");

            ProbeResult result = probe(registry, Proxies.all(Proxy.parse(url).orElseThrow()));

            assertThat(result.verdict()).as(result.toString()).isEqualTo(row.verdict());
            assertThat(result.failedAt()).contains(row.step());
            assertThat(result.reason().map(Reason::code)).contains(row.reason());
            assertThat(result.reason().orElseThrow().arguments())
                    .startsWith(proxy.authority())
                    .endsWith(row.argument());
            assertThat(result.proxyFailure().isPresent()).isEqualTo(row.reason().equals(ProbeResult.PROXY_FAILED));
            assertThat(result.hangsOrAborts()).isFalse();
            assertThat(result.toString()).doesNotContain("cret");
            assertThat(registry.requests()).isEmpty();
            assertThat(proxy.isLeftAlone()).isTrue();
        }
    }

    @Test
    void a_proxy_whose_name_does_not_resolve_is_named() throws InterruptedException {
        try (FakeRegistry registry = secure()) {

            ProbeResult result = probe(
                    registry, Proxies.all(Proxy.parse("proxy.invalid:3128").orElseThrow()));

            assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN_HOST);
            assertThat(result.failedAt()).contains(Step.DNS);
            assertThat(result.reason())
                    .contains(Reason.of(ProbeResult.PROXY_FAILED, "proxy.invalid:3128", "proxy-unknown-host"));
        }
    }

    @Test
    void a_proxy_with_a_bad_certificate_is_named() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.https(CERTIFICATES.server("expired"));
                FakeRegistry registry = secure()) {

            ProbeResult result = probe(registry, proxy.forAll());

            assertThat(result.verdict()).isEqualTo(Verdict.TLS_FAILED);
            assertThat(result.reason()).contains(Reason.of(ProbeResult.PROXY_FAILED, proxy.authority(), "proxy-tls"));
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @Test
    void a_black_hole_for_a_proxy_is_named() throws Exception {
        try (FullBacklog hole = new FullBacklog(InetAddress.getByName("127.0.0.2"), 0);
                FakeRegistry registry = secure()) {
            String address = "127.0.0.2:" + hole.port();

            ProbeResult result =
                    probe(registry, Proxies.all(Proxy.parse(address).orElseThrow()), Probes.SHORT);

            assertThat(result.verdict()).isEqualTo(Verdict.UNREACHABLE);
            assertThat(result.reason()).contains(Reason.of(ProbeResult.PROXY_FAILED, address, "proxy-timeout"));
            assertThat(result.hangsOrAborts()).isFalse();
        }
    }

    static Stream<UnaryOperator<FakeProxy>> silences() {
        return Stream.of(FakeProxy::hanging, FakeProxy::hangingOnceAsked);
    }

    @ParameterizedTest
    @MethodSource("silences")
    void a_proxy_that_says_nothing_ends_at_the_deadline(UnaryOperator<FakeProxy> silence) throws InterruptedException {
        try (FakeProxy http = silence.apply(FakeProxy.http());
                FakeProxy socks = silence.apply(FakeProxy.socks());
                FakeRegistry registry = secure()) {
            for (FakeProxy proxy : new FakeProxy[] {http, socks}) {

                ProbeResult result = probe(registry, proxy.forAll(), Probes.SHORT);

                assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.UNREACHABLE);
                assertThat(result.failedAt()).contains(Step.CONNECT);
                assertThat(result.reason())
                        .contains(Reason.of("proxy-slow", proxy.authority(), "mirror.example:" + registry.port()));
                assertThat(proxy.isLeftAlone()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"self-signed, certificate-untrusted-behind-proxy", "wrong-host, certificate-wrong-host"})
    void tls_that_is_opened_on_the_way_is_named(String certificate, String reason) throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http();
                FakeRegistry registry = FakeRegistry.serving(FakeImage.node(), CERTIFICATES.server(certificate))) {

            ProbeResult result = probe(registry, proxy.forAll());

            assertThat(result.verdict()).isEqualTo(Verdict.TLS_FAILED);
            assertThat(result.failedAt()).contains(Step.TLS);
            assertThat(result.reason().map(Reason::code)).contains(reason);
        }
    }

    @Test
    void a_login_that_a_forwarding_proxy_wants_is_not_the_mirrors() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http().wanting("a", "b");
                FakeRegistry registry = plain()) {

            ProbeResult result = probe(registry, proxy.forAll());

            assertThat(result.verdict()).isEqualTo(Verdict.LOGIN_REQUIRED);
            assertThat(result.proxyFailure()).isPresent();
            assertThat(registry.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"403, DENIED", "503, SERVER_ERROR"})
    void a_forwarding_proxy_that_answers_in_the_mirrors_place_is_named(int status, Verdict verdict)
            throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http().answering(status);
                FakeRegistry registry = plain()) {

            ProbeResult result = probe(registry, proxy.forAll());

            assertThat(result.verdict()).as(result.toString()).isEqualTo(verdict);
            assertThat(result.reason().orElseThrow().arguments())
                    .anyMatch(argument -> argument.startsWith(proxy.authority()));
        }
    }

    @Test
    void a_storage_that_the_proxy_forbids_is_named() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.http();
                FakeRegistry registry = secure().with(Misbehaviour.redirect("https://storage.example:1/x"), At.TAG)) {

            ProbeResult result = probe(registry, proxy.forAll());

            assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.UNREACHABLE);
            assertThat(result.failedAt()).contains(Step.MANIFEST);
            assertThat(result.reason())
                    .contains(Reason.of("proxy-no-way", proxy.authority(), "storage.example:1", "HTTP 502"));
        }
    }
}
