package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.mirror.ImageStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the program believes, by the bundle that the system has. */
class TrustTest {
    @TempDir
    static Path folder;

    private static TestCertificates certificates;

    @BeforeAll
    static void makeCertificates() {
        certificates = TestCertificates.make(folder);
    }

    private static ProbeResult probe(String certificate, Optional<String> bundle) throws InterruptedException {
        return probe(certificate, bundle, registry -> "", Depth.PING);
    }

    /** @param ofRegistry what the engine believes of one registry, by its authority */
    private static ProbeResult probe(
            String certificate, Optional<String> bundle, UnaryOperator<String> ofRegistry, Depth depth)
            throws InterruptedException {
        Trust trust = new Trust(
                () -> bundle.map(pem -> pem.getBytes(StandardCharsets.UTF_8)),
                registry -> ofRegistry.apply(registry).getBytes(StandardCharsets.UTF_8));
        trust.prepare();
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node(), certificates.server(certificate))) {
            return Probes.probe(registry.url(), Probes.plan(depth, Probes.AMPLE), trust.get());
        }
    }

    /** Beside a bundle that knows other authorities. */
    private static ProbeResult probeBeside(String certificate, UnaryOperator<String> ofRegistry, Depth depth)
            throws InterruptedException {
        return probe(certificate, Optional.of(certificates.pem("self-signed")), ofRegistry, depth);
    }

    private static String reason(ProbeResult result) {
        return result.reason().map(Reason::code).orElse("");
    }

    @Test
    void an_authority_in_the_systems_bundle_is_believed() throws InterruptedException {
        assertThat(probe("good", Optional.of(certificates.authorityPem())).verdict())
                .isEqualTo(Verdict.READY);
    }

    @Test
    void a_certificate_that_is_in_the_bundle_itself_is_believed() throws InterruptedException {
        assertThat(probe("self-signed", Optional.of(certificates.pem("self-signed")))
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
        assertThat(probe("good", Optional.of(damaged + certificates.authorityPem() + damaged))
                        .verdict())
                .isEqualTo(Verdict.READY);
    }

    /** As where a company renews its authority and its servers are slow to follow. */
    @Test
    void all_who_bear_the_name_are_asked(@TempDir Path other) throws InterruptedException {
        String another = TestCertificates.make(other).authorityPem();

        assertThat(probe("good", Optional.of(another + certificates.authorityPem()))
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
        assertThat(reason(probe(certificate, Optional.of(certificates.authorityPem()))))
                .isEqualTo(reason);
        assertThat(reason(probe(certificate, Optional.empty(), registry -> certificates.authorityPem(), Depth.PING)))
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
        ProbeResult result = probeBeside("good", registry -> certificates.authorityPem(), depth);

        assertThat(result.verdict()).isEqualTo(Verdict.READY);
        assertThat(result.stores()).containsExactly(ImageStore.GRAPHDRIVER);
        assertThat(reason(result)).isEqualTo("registry-authority");
    }

    @Test
    void it_is_asked_for_by_host_and_port_and_only_where_nobody_else_vouches() throws InterruptedException {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        UnaryOperator<String> noted = registry -> {
            asked.add(registry);
            return "";
        };

        assertThat(reason(probeBeside("good", noted, Depth.PING))).isEqualTo("certificate-untrusted");
        assertThat(asked).singleElement().asString().matches("127\\.0\\.0\\.1:\\d+");

        asked.clear();
        ProbeResult known = probe("good", Optional.of(certificates.authorityPem()), noted, Depth.PING);
        assertThat(known.stores()).containsExactlyInAnyOrder(ImageStore.values());
        assertThat(asked).isEmpty();
    }
}
