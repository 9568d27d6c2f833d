package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.registry.FakeRegistry.At;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of a walk for showing, and what is not. */
class JournalTest {

    private static ProbeResult explained(FakeRegistry registry, Depth depth, Duration timeout)
            throws InterruptedException {
        Candidate candidate = Probes.candidate(registry.url());
        Prober.Plan plan = new Prober.Plan(
                List.of(Probes.NODE),
                depth,
                timeout,
                8,
                "amd64",
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.of(candidate.url()));
        return Probes.probe(registry.url(), plan);
    }

    @Test
    void every_request_is_told_with_what_was_made_of_it() throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node()).withToken()) {

            ProbeResult result = explained(registry, Depth.BLOB, Probes.AMPLE);

            List<Exchange> exchanges = result.exchanges();
            assertThat(exchanges.stream().map(e -> e.method() + " " + e.url().replace(registry.url(), "")))
                    .containsExactlyElementsOf(registry.lines());
            assertThat(exchanges)
                    .allMatch(exchange -> exchange.status().isPresent() && exchange.bytes() > 0)
                    .allMatch(exchange -> exchange.conclusion().isPresent())
                    .isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
            Exchange first = exchanges.get(0);
            assertThat(first.realm()).contains(registry.url() + "/token");
            assertThat(first.link().orElseThrow().addresses()).containsExactly("127.0.0.1");
            assertThat(first.link().orElseThrow().connect()).isPresent();
            assertThat(exchanges.get(1).link()).isEmpty();
            assertThat(exchanges)
                    .anyMatch(e -> e.digest()
                            .equals(Optional.of(FakeImage.node().digest().toString())));
            assertThat(exchanges.toString()).doesNotContain("a-token-for-anybody");
        }
    }

    @Test
    void the_keys_in_a_storage_address_are_not_kept() throws InterruptedException {
        try (FakeRegistry storage = FakeRegistry.serving(FakeImage.node());
                FakeRegistry registry = FakeRegistry.serving(FakeImage.node())
                        .with(
                                call -> Misbehaviour.redirect(storage.url()
                                                + call.request().path() + "?X-Amz-Signature=hush&sig=hush")
                                        .answer(call),
                                At.BLOB)) {

            ProbeResult result = explained(registry, Depth.BLOB, Probes.AMPLE);

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(storage.lines()).isNotEmpty().allMatch(line -> line.contains("hush"));
            assertThat(result.exchanges()).anyMatch(e -> e.leadsTo().isPresent());
            assertThat(result.exchanges().toString())
                    .contains("X-Amz-Signature=...&sig=...")
                    .doesNotContain("hush");
        }
    }

    @Test
    void a_request_that_is_not_answered_in_time_is_told_too() throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node()).with(Misbehaviour.hang(), At.TAG)) {

            ProbeResult result = explained(registry, Depth.MANIFEST, Probes.SHORT);

            Exchange last = result.exchanges().get(result.exchanges().size() - 1);
            assertThat(last.status()).isEmpty();
            assertThat(last.conclusion()).contains(Reason.of("manifest-timeout"));
        }
    }

    @Test
    void a_servers_words_are_cut_and_cleaned() throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node())
                .with(Misbehaviour.header("Docker-Content-Digest", "\u001b[31m" + "x".repeat(5000)), At.HEAD)) {

            ProbeResult result = explained(registry, Depth.MANIFEST, Probes.AMPLE);

            String told = result.exchanges().stream()
                    .flatMap(exchange -> exchange.digest().stream())
                    .findFirst()
                    .orElseThrow();
            assertThat(told).startsWith("?[31mxxx").hasSizeLessThan(400);
        }
    }

    @Test
    void nothing_is_kept_of_a_mirror_that_nobody_asked_about() throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node())) {
            assertThat(Probes.probe(registry.url()).exchanges()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/v2/?ns=docker.io,https://a.example/v2/?ns=docker.io",
        "https://a.example/t?scope=s&service=x&account=me,https://a.example/t?scope=s&service=x&account=...",
        "https://me:hush@a.example/v2/,https://...@a.example/v2/",
        "/blob?hush,/blob?...",
        "/blob?sig=,/blob?sig=",
        "/blob?a=b?ns=hush,/blob?a=..."
    })
    void only_what_is_known_to_be_harmless_is_shown_of_a_query(String url, String shown) {
        assertThat(Redaction.of(url)).isEqualTo(shown);
    }
}
