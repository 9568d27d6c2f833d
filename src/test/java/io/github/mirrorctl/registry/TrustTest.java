package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.registry.FakeRegistry.At;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the program believes, by the bundle that the system has. */
class TrustTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.COMMON;

    private static ProbeResult probe(String certificate, Optional<String> bundle) throws InterruptedException {
        return probe(certificate, bundle, registry -> "", Depth.PING);
    }

    /** @param ofRegistry what the engine believes of one registry, by its authority */
    private static ProbeResult probe(
            String certificate, Optional<String> bundle, UnaryOperator<String> ofRegistry, Depth depth)
            throws InterruptedException {
        try (FakeRegistry registry = serving(certificate)) {
            return probe(registry, bundle, ofRegistry, depth);
        }
    }

    private static FakeRegistry serving(String certificate) {
        return FakeRegistry.serving(FakeImage.node(), CERTIFICATES.server(certificate));
    }

    private static ProbeResult probe(
            FakeRegistry registry, Optional<String> bundle, UnaryOperator<String> ofRegistry, Depth depth)
            throws InterruptedException {
        return Probes.probe(registry.url(), Probes.plan(depth, Probes.AMPLE), trust(bundle, ofRegistry), Proxies.NONE);
    }

    private static Trust trust(Optional<String> bundle, UnaryOperator<String> ofRegistry) {
        Trust trust = new Trust(
                () -> bundle.map(pem -> pem.getBytes(StandardCharsets.UTF_8)),
                authority -> ofRegistry.apply(authority).getBytes(StandardCharsets.UTF_8));
        trust.prepare();
        return trust;
    }

    /** Beside a bundle that knows other authorities. */
    private static ProbeResult probeBeside(String certificate, UnaryOperator<String> ofRegistry, Depth depth)
            throws InterruptedException {
        return probe(certificate, Optional.of(CERTIFICATES.pem("self-signed")), ofRegistry, depth);
    }

    private static String reason(ProbeResult result) {
        return result.reason().map(Reason::code).orElse("");
    }

    @Test
    void an_authority_in_the_systems_bundle_is_believed() throws InterruptedException {
        assertThat(probe("good", Optional.of(CERTIFICATES.authorityPem())).verdict())
                .isEqualTo(Verdict.READY);
    }

    @Test
    void a_certificate_that_is_in_the_bundle_itself_is_believed() throws InterruptedException {
        assertThat(probe("self-signed", Optional.of(CERTIFICATES.pem("self-signed")))
                        .verdict())
                .isEqualTo(Verdict.READY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# a comment\n",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nMIj/////MIj/////\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"
            })
    void what_is_no_certificate_takes_nothing_from_the_others(String damaged) throws InterruptedException {
        assertThat(probe("good", Optional.of(damaged + CERTIFICATES.authorityPem() + damaged))
                        .verdict())
                .isEqualTo(Verdict.READY);
    }

    /** As where a company renews its authority and its servers are slow to follow. */
    @Test
    void all_who_bear_the_name_are_asked() throws InterruptedException {
        String another = TestCertificates.make().authorityPem();

        assertThat(probe("good", Optional.of(another + CERTIFICATES.authorityPem()))
                        .verdict())
                .isEqualTo(Verdict.READY);
        assertThat(reason(probe("good", Optional.of(another)))).isEqualTo("certificate-untrusted");
    }

    @ParameterizedTest
    @CsvSource({
        "expired, certificate-expired",
        "not-yet-valid, certificate-not-yet-valid",
        "wrong-host, certificate-wrong-host",
        "self-signed, certificate-untrusted"
    })
    void a_bad_certificate_stays_bad_whoever_vouches(String certificate, String reason) throws InterruptedException {
        assertThat(reason(probe(certificate, Optional.of(CERTIFICATES.authorityPem()))))
                .isEqualTo(reason);
        assertThat(reason(probe(certificate, Optional.empty(), registry -> CERTIFICATES.authorityPem(), Depth.PING)))
                .isEqualTo(reason);
    }

    @Test
    void without_a_bundle_those_of_java_are_believed_and_no_other() throws InterruptedException {
        assertThat(reason(probe("good", Optional.empty()))).isEqualTo("certificate-untrusted");
    }

    /** moby asks them for a mirror on its classic store ({@code daemon/pkg/registry/service_v2.go}), and nowhere else. */
    @ParameterizedTest
    @EnumSource(Depth.class)
    void an_authority_of_the_registrys_own_is_believed_for_the_classic_store(Depth depth) throws InterruptedException {
        ProbeResult result = probeBeside("good", registry -> CERTIFICATES.authorityPem(), depth);

        assertThat(result.verdict()).isEqualTo(Verdict.READY);
        assertThat(result.stores()).containsExactly(ImageStore.GRAPHDRIVER);
        assertThat(reason(result)).isEqualTo("registry-authority");
    }

    @Test
    void it_is_asked_for_by_host_and_port() throws InterruptedException {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        UnaryOperator<String> noted = registry -> {
            asked.add(registry);
            return "";
        };

        assertThat(reason(probeBeside("good", noted, Depth.PING))).isEqualTo("certificate-untrusted");
        assertThat(asked).singleElement().asString().matches("127\\.0\\.0\\.1:\\d+");
    }

    @Test
    void it_counts_only_where_nobody_else_vouches() throws InterruptedException {
        ProbeResult known = probe(
                "good", Optional.of(CERTIFICATES.authorityPem()), registry -> CERTIFICATES.authorityPem(), Depth.BLOB);

        assertThat(known.stores()).containsExactlyInAnyOrder(ImageStore.values());
        assertThat(known.reason()).isEmpty();
    }

    /**
     * A mirror whose own certificate is known, and that leads to a storage whose authority is told of one of the two.
     *
     * @param told for whom, of mirror and storage
     */
    private static ProbeResult probeLedAway(BinaryOperator<FakeRegistry> told) throws InterruptedException {
        try (FakeRegistry storage = serving("good");
                FakeRegistry mirror = serving("self-signed").with(Misbehaviour.redirectTo(storage), At.BLOB)) {
            String url = told.apply(mirror, storage).url();
            return probe(
                    mirror,
                    Optional.of(CERTIFICATES.pem("self-signed")),
                    registry -> url.endsWith(registry) ? CERTIFICATES.authorityPem() : "",
                    Depth.BLOB);
        }
    }

    /** All of a classic pull goes over the transport that is made for the mirror. */
    @Test
    void the_mirrors_own_is_believed_of_whom_it_points_to() throws InterruptedException {
        ProbeResult result = probeLedAway((mirror, storage) -> mirror);

        assertThat(result.verdict()).isEqualTo(Verdict.READY);
        assertThat(result.depth()).contains(Depth.BLOB);
        assertThat(result.stores()).containsExactly(ImageStore.GRAPHDRIVER);
        assertThat(reason(result)).isEqualTo("registry-authority");
    }

    @Test
    void another_hosts_own_is_not_believed_on_the_way() throws InterruptedException {
        ProbeResult result = probeLedAway((mirror, storage) -> storage);

        assertThat(result.verdict()).isEqualTo(Verdict.TLS_FAILED);
        assertThat(result.failedAt()).contains(Step.BLOB);
        assertThat(reason(result)).isEqualTo("redirect-tls");
    }

    @Test
    void the_mirrors_own_is_believed_of_the_proxy_on_the_way() throws InterruptedException {
        try (FakeProxy proxy = FakeProxy.https(CERTIFICATES.server("good"));
                FakeRegistry registry = serving("self-signed")) {
            // Nobody asks a proxy for this machine itself.
            String mirror = registry.url().replace("127.0.0.1", "mirror.example");

            ProbeResult result = Probes.probe(
                    mirror,
                    Probes.plan(Depth.PING, Probes.AMPLE),
                    trust(
                            Optional.of(CERTIFICATES.pem("self-signed")),
                            authority -> mirror.endsWith(authority) ? CERTIFICATES.authorityPem() : ""),
                    proxy.forAll());

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(result.stores()).containsExactly(ImageStore.GRAPHDRIVER);
        }
    }
}
