package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.mirrorctl.registry.FakeRegistry.At;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TlsTest {
    /** The alert {@code protocol_version} of a server that speaks TLS 1.1 and no later (RFC 5246, section 7.2). */
    private static final String TLS_1_1_ONLY = "\u0015\u0003\u0002\u0000\u0002\u0002F";

    private static final TestCertificates CERTIFICATES = TestCertificates.COMMON;

    private static ProbeResult probe(FakeRegistry registry, Prober.Plan plan) throws InterruptedException {
        return Probes.probe(registry.url(), plan, CERTIFICATES.client());
    }

    private static FakeRegistry serving(String certificate) {
        return FakeRegistry.serving(FakeImage.node(), CERTIFICATES.server(certificate));
    }

    @Test
    void a_registry_with_a_good_certificate_is_ready() throws InterruptedException {
        try (FakeRegistry registry = serving("good").withToken()) {

            ProbeResult result = probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE));

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(result.latency().tls()).isPresent();
            assertThat(registry.isLeftAlone()).isTrue();
        }
    }

    /** Certificate, protocol, group and cipher suite of servers that agree on keys in but one way. */
    static Stream<Arguments> otherKeys() {
        return Stream.of(
                arguments("rsa", "TLSv1.3", "x25519", ""),
                arguments("good", "TLSv1.3", "secp256r1", ""),
                arguments("rsa", "TLSv1.3", "secp384r1", ""),
                arguments("rsa", "TLSv1.3", "ffdhe2048", ""),
                arguments("good", "TLSv1.2", "secp256r1", ""),
                arguments("rsa", "TLSv1.2", "secp521r1", ""),
                arguments("rsa", "TLSv1.2", "secp256r1", ""),
                arguments("rsa", "TLSv1.2", "x25519", "TLS_RSA_WITH_AES_128_GCM_SHA256"),
                arguments("rsa", "TLSv1.2", "ffdhe2048", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"));
    }

    private static void restrict(SSLParameters parameters, String protocol, String group, String cipherSuite) {
        parameters.setProtocols(new String[] {protocol});
        parameters.setAlgorithmConstraints(new OnlyGroup(group));
        if (!cipherSuite.isEmpty()) {
            parameters.setCipherSuites(new String[] {cipherSuite});
        }
    }

    @ParameterizedTest
    @MethodSource("otherKeys")
    void a_server_that_agrees_on_keys_in_one_way_only_is_reached(
            String certificate, String protocol, String group, String cipherSuite) throws Exception {
        assumeTrue(cipherSuite.isEmpty() || javaSpeaks(cipherSuite));
        try (FakeRegistry registry = serving(certificate)
                .withTls(parameters -> restrict(parameters, protocol, group, cipherSuite))
                .withToken()) {

            ProbeResult result = probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE));

            assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.READY);
            assertThat(result.latency().tls()).isPresent();
            assertThat(result.requests()).isEqualTo(registry.requests().size());
            assertThat(registry.isLeftAlone()).isTrue();
        }
    }

    private static boolean javaSpeaks(String cipherSuite) throws NoSuchAlgorithmException {
        return List.of(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites())
                .contains(cipherSuite);
    }

    /** Lets a server agree on keys in one group, and use no certificate with a key of another one. */
    private record OnlyGroup(String group) implements AlgorithmConstraints {
        private static final Pattern GROUP = Pattern.compile("(secp|ffdhe|x25519|x448).*");

        @Override
        public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
            return !primitives.contains(CryptoPrimitive.KEY_AGREEMENT)
                    || !GROUP.matcher(algorithm).matches()
                    || algorithm.equals(group);
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
            return true;
        }

        @Override
        public boolean permits(
                Set<CryptoPrimitive> primitives, String algorithm, Key key, AlgorithmParameters parameters) {
            return true;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "expired, certificate-expired",
        "self-signed, certificate-untrusted",
        "wrong-host, certificate-wrong-host"
    })
    void a_bad_certificate_is_named(String certificate, String reason) throws InterruptedException {
        try (FakeRegistry registry = serving(certificate)) {

            ProbeResult result = probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE));

            assertFailsAtTls(result, reason);
            assertThat(registry.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_handshake_that_hangs_fails_within_the_time(Depth depth) throws InterruptedException {
        try (FakeRegistry registry = serving("good").with(Misbehaviour.hang(), At.ACCEPT)) {

            ProbeResult result = probe(registry, Probes.plan(depth, Probes.SHORT));

            assertFailsAtTls(result, "tls-timeout");
            assertThat(result.latency().connect()).isPresent();
            assertThat(registry.isLeftAlone()).isTrue();
        }
    }

    /** Many times, as it is a race: closing the socket wakes the walk's own thread with an error of its own. */
    @RepeatedTest(200)
    void the_socket_closed_at_the_deadline_is_not_the_mirrors_failure() throws InterruptedException {
        try (FakeRegistry registry = serving("good").with(Misbehaviour.hang(), At.ACCEPT)) {
            Candidate candidate = Probes.candidate(registry.url());
            Prober.Plan plan = Probes.plan(Depth.MANIFEST, Probes.AMPLE);
            Session session = Walk.session(
                    candidate,
                    plan,
                    Deadline.after(Probes.AMPLE),
                    Transport.of(any -> CERTIFICATES.client(), Proxies.NONE, Resolver.SYSTEM));
            Walk walk = new Walk(candidate, plan, session, new Calm(1, Probes.AMPLE));
            Thread walker = new Thread(walk::run);
            walker.start();
            while (session.step() != Step.TLS) {
                Thread.onSpinWait();
            }

            ProbeResult result = walk.endAtDeadline();

            assertFailsAtTls(result, "tls-timeout");
            walker.join();
        }
    }

    @Test
    void a_connection_closed_within_the_handshake_is_named() throws InterruptedException {
        try (FakeRegistry registry = serving("good").with(Misbehaviour.close(), At.ACCEPT)) {
            assertFailsAtTls(probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE)), "tls-closed");
        }
    }

    @Test
    void a_connection_reset_within_the_handshake_is_named() throws InterruptedException {
        try (FakeRegistry registry = serving("good").with(Misbehaviour.resetAfterFirstByte(), At.ACCEPT)) {
            assertFailsAtTls(probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE)), "tls-closed");
        }
    }

    @Test
    void plain_http_on_a_tls_port_is_named() throws InterruptedException {
        try (FakeRegistry registry =
                serving("good").with(Misbehaviour.garbage("HTTP/1.1 400 Bad Request\r\n\r\n"), At.ACCEPT)) {
            assertFailsAtTls(probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE)), "not-tls");
        }
    }

    @Test
    void a_server_with_old_protocols_only_is_refused() throws InterruptedException {
        try (FakeRegistry registry = serving("good").with(Misbehaviour.garbage(TLS_1_1_ONLY), At.ACCEPT)) {
            assertFailsAtTls(probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE)), "tls-refused");
        }
    }

    @Test
    void a_realm_over_plain_http_is_not_asked() throws InterruptedException {
        try (FakeRegistry realm = FakeRegistry.serving(FakeImage.node());
                FakeRegistry registry =
                        serving("good").withChallenge("Bearer realm=\"" + realm.url() + "/token\",service=\"x\"")) {

            ProbeResult result = probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE));

            assertThat(result.verdict()).isEqualTo(Verdict.LOGIN_REQUIRED);
            assertThat(result.reason().map(Reason::code)).contains("realm-plain-http");
            assertThat(realm.requests()).isEmpty();
        }
    }

    @Test
    void a_realm_that_leads_to_plain_http_is_not_followed() throws InterruptedException {
        try (FakeRegistry realm = FakeRegistry.serving(FakeImage.node());
                FakeRegistry registry =
                        serving("good").withToken().with(Misbehaviour.redirect(realm.url() + "/token"), At.TOKEN)) {

            ProbeResult result = probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE));

            assertThat(result.reason().map(Reason::code)).contains("realm-plain-http");
            assertThat(realm.requests()).isEmpty();
        }
    }

    @Test
    void a_realm_with_a_bad_certificate_is_named() throws InterruptedException {
        try (FakeRegistry realm = serving("expired");
                FakeRegistry registry =
                        serving("good").withChallenge("Bearer realm=\"" + realm.url() + "/token\",service=\"x\"")) {

            ProbeResult result = probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE));

            assertThat(result.verdict()).isEqualTo(Verdict.TLS_FAILED);
            assertThat(result.failedAt()).contains(Step.TOKEN);
            assertThat(result.reason().map(Reason::code)).contains("realm-tls");
        }
    }

    @Test
    void a_manifest_reset_in_its_midst_is_corrupt_over_tls_too() throws InterruptedException {
        try (FakeRegistry registry = serving("good").with(Misbehaviour.truncate(), At.TAG)) {

            ProbeResult result = probe(registry, Probes.plan(Depth.MANIFEST, Probes.AMPLE));

            assertThat(result.verdict()).isEqualTo(Verdict.CORRUPT);
        }
    }

    private static void assertFailsAtTls(ProbeResult result, String reason) {
        assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.TLS_FAILED);
        assertThat(result.failedAt()).contains(Step.TLS);
        assertThat(result.reason().map(Reason::code)).contains(reason);
        assertThat(result.httpStatus()).isEmpty();
    }
}
