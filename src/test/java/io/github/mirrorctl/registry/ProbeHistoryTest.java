package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class ProbeHistoryTest {
    private static final ProbeHistory.Entry READY = new ProbeHistory.Entry(
            "https://a.example",
            Verdict.READY,
            OptionalInt.of(1),
            Optional.of(Duration.ofNanos(12_345_000)),
            OptionalDouble.of(1_500_000),
            Optional.of(Duration.ofMillis(2500)));
    private static final ProbeHistory.Entry REFUSED = new ProbeHistory.Entry(
            "https://b.example:5000",
            Verdict.REFUSED,
            OptionalInt.empty(),
            Optional.empty(),
            OptionalDouble.empty(),
            Optional.empty());
    private static final ProbeHistory.Run RUN = new ProbeHistory.Run(
            Instant.parse("2026-11-24T03:00:00Z"),
            "docker.io/library/node:20-alpine",
            Depth.BLOB,
            List.of(READY, REFUSED));

    @Test
    void reads_what_it_wrote() {
        String line = ProbeHistory.line(RUN);

        assertThat(line).doesNotContain("\n");
        assertThat(ProbeHistory.parse(List.of(line)).runs()).containsExactly(RUN);
    }

    @Test
    void leaves_out_what_is_damaged_and_keeps_the_rest() {
        String line = ProbeHistory.line(RUN);
        List<String> lines = List.of(
                line.substring(0, line.length() / 2),
                "",
                "[]",
                "not JSON",
                line.replace("2026-11-24T03:00:00Z", "yesterday"),
                line.replace("\"rank\":1", "\"rank\":\"first\""),
                line);

        assertThat(ProbeHistory.parse(lines).runs()).containsExactly(RUN);
    }

    @Test
    void passes_over_what_a_newer_version_added() {
        String line = ProbeHistory.line(RUN)
                .replace("{\"time\"", "{\"new\":{\"a\":[1]},\"time\"")
                .replace("\"verdict\":\"refused\"", "\"more\":[{}],\"verdict\":\"refused\"");

        assertThat(ProbeHistory.parse(List.of(line)).runs()).containsExactly(RUN);
    }

    @Test
    void leaves_out_a_mirror_whose_verdict_it_does_not_know() {
        String line = ProbeHistory.line(RUN).replace("\"refused\"", "\"enchanted\"");

        assertThat(ProbeHistory.parse(List.of(line)).runs().get(0).mirrors()).containsExactly(READY);
    }
}
