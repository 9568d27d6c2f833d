package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Our verdict on a file beside that of real daemons, which were started with it. */
class DaemonVerdictsTest {
    private static final List<String> ENGINES = List.of("20.10.24", "26.1.5", "28.5.2");

    /** What we make of a file. */
    private enum Verdict {
        TAKEN,
        /** The engine would not do with it what it says, and a write sets that right. */
        MENDED,
        REFUSED
    }

    /** Where we differ from the daemon, and why that is right; a case, or a case with the engine it holds for. */
    private static final Map<String, String> EXPLAINED = Map.ofEntries(
            Map.entry("https://", "REFUSED: dockerd starts, and every pull asks a host without a name"),
            Map.entry("host only dots", "REFUSED: dockerd starts, and the host never resolves"),
            Map.entry("bad port", "REFUSED: dockerd starts, and no connection can be made to port 99999"),
            Map.entry("upper scheme", "MENDED: dockerd starts, and the classic store asks https://HTTPS://…"),
            Map.entry("two trailing slashes 26.1.5", "MENDED: dockerd starts, and asks …//v2/"),
            Map.entry("two trailing slashes 28.5.2", "MENDED: dockerd starts, and asks …//v2/"),
            Map.entry("duplicate key", "REFUSED: dockerd takes the last list; which one is meant is not ours to guess"),
            Map.entry("text after object 20.10.24", "REFUSED: it passes the text over; no later engine does"),
            Map.entry("data-root set (flag too)", "TAKEN: the conflict is with a flag, which the file does not tell"),
            Map.entry("hosts set (flag too)", "TAKEN: the conflict is with a flag, which the file does not tell"));

    private static Verdict verdict(Optional<byte[]> content, EngineVersion version) {
        if (content.isEmpty()) {
            return Verdict.TAKEN;
        }
        Optional<EngineVersion> engine = Optional.of(version);
        try {
            DaemonConfig config = DaemonConfig.parse(content.get(), "daemon.json");
            boolean hasError =
                    config.problems(engine).stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
            boolean hasRefused = config.entries().stream()
                    .anyMatch(entry -> MirrorCheck.refusal(entry, engine).isPresent());
            if (hasError || hasRefused) {
                return Verdict.REFUSED;
            }
            boolean isMended = config.unreadableBy(engine).isPresent()
                    || config.entries().stream()
                            .anyMatch(entry ->
                                    MirrorCheck.misspelling(entry, engine).isPresent());
            return isMended ? Verdict.MENDED : Verdict.TAKEN;
        } catch (Fault refused) {
            return Verdict.REFUSED;
        }
    }

    @Test
    void agree_with_those_of_real_daemons_or_the_difference_is_explained() throws IOException {
        List<String> unexplained = new ArrayList<>();
        Map<String, String> differences = new TreeMap<>();
        int verdicts = 0;
        for (JsonNode each : cases()) {
            for (String engine : ENGINES) {
                verdicts++;
                Optional<byte[]> content = Optional.of(each.get("content"))
                        .filter(node -> !node.isNull())
                        .map(node -> node.asText()
                                .getBytes(Charset.forName(each.get("encoding").asText())));
                Verdict ours = verdict(content, EngineVersion.parse(engine).orElseThrow());
                boolean starts = each.get(engine).asBoolean();
                String name = each.get("case").asText();
                if (starts != (ours == Verdict.TAKEN)) {
                    String why = EXPLAINED.getOrDefault(name + " " + engine, EXPLAINED.getOrDefault(name, ""));
                    differences.put(name + " " + engine, why);
                    if (!why.startsWith(ours.name())) {
                        unexplained.add(name + " on " + engine + ": " + ours + ", it starts: " + starts);
                    }
                }
            }
        }

        assertThat(unexplained).isEmpty();
        assertThat(EXPLAINED.keySet())
                .as("each explanation is needed")
                .allMatch(name -> differences.keySet().stream().anyMatch(found -> found.startsWith(name)));
        assertThat(verdicts + " verdicts, " + differences.size() + " explained differences")
                .isEqualTo("141 verdicts, 24 explained differences");
    }

    private static JsonNode cases() throws IOException {
        try (InputStream in = DaemonVerdictsTest.class.getResourceAsStream("/daemon-verdicts.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in)).get("cases");
        }
    }
}
