package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.registry.FakeRegistry.At;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TlsTest {
    /** The alert {@code protocol_version} of a server that speaks TLS 1.1 and no later (RFC 5246, section 7.2). */
    private static final String TLS_1_1_ONLY = "\u0015\u0003\u0002\u0000\u0002\u0002F";

    @TempDir
    static Path folder;

    private static TestCertificates certificates;

    @BeforeAll
    static void makeCertificates() {
        certificates = TestCertificates.make(folder);
    }

    private static ProbeResult probe(FakeRegistry registry, Prober.Plan plan) throws InterruptedException {
        return Probes.probe(registry.url(), plan, certificates.client());
    }

    private static FakeRegistry serving(String certificate) {
        return FakeRegistry.serving(FakeImage.node(), certificates.server(certificate));
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
                    new Handshakes(certificates::client),
                    Proxies.NONE,
                    Resolver.SYSTEM,
                    Reach::isInside);
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
