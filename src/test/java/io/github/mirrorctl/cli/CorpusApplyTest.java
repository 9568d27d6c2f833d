package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.mirrorctl.cli.Run.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Applies a mirror to files of real machines, where a folder of them is at hand: {@code -Dmirrorctl.corpus=FOLDER}. Each
 * survives with nothing but its mirrors changed, or is refused and untouched; what became of them is printed.
 */
final class CorpusApplyTest {
    private static final String MIRROR = "https://mirror.example";

    @TempDir
    private Path scratch;

    private Path corpus = Path.of("");

    @BeforeEach
    void find_the_corpus() {
        Optional<Path> folder =
                Optional.ofNullable(System.getProperty("mirrorctl.corpus")).map(Path::of);
        assumeTrue(folder.isPresent(), "needs -Dmirrorctl.corpus=FOLDER");
        corpus = folder.orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "daemon-json, systemd, etc/docker/daemon.json",
        "daemon-json-embedded, systemd, etc/docker/daemon.json",
        "default-docker, sysv, etc/default/docker"
    })
    void every_file_survives_or_is_refused_for_a_reason(String kind, String platform, String target)
            throws IOException {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (Path file : numbered(kind)) {
            Path root = Files.createDirectory(scratch.resolve(String.valueOf(file.getFileName())));
            Path copy = root.resolve(target);
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);

            String outcome = apply(root, copy, platform);

            outcomes.merge(outcome, 1, Integer::sum);
            System.out.println("corpus " + kind + "/" + file.getFileName() + ": " + outcome);
        }
        System.out.println("corpus " + kind + " in all: " + outcomes);
    }

    private Iterable<Path> numbered(String kind) throws IOException {
        try (Stream<Path> files = Files.list(corpus.resolve(kind))) {
            return files.filter(file ->
                            Character.isDigit(file.getFileName().toString().charAt(0)))
                    .sorted()
                    .toList();
        }
    }

    private static String apply(Path root, Path file, String platform) throws IOException {
        Machine machine = Machine.at(root);
        byte[] before = Files.readAllBytes(file);
        String[] arguments = {"apply", "--no-probe", MIRROR, "--root=" + root, "--platform=" + platform, "-o", "json"};

        Run run = machine.run(arguments);

        byte[] after = Files.readAllBytes(file);
        if (run.exit() != 0) {
            run.exits(4);
            assertThat(after).isEqualTo(before);
            return "refused, "
                    + run.json().path("problems").path(0).path("code").asText();
        }
        assertThat(run.json().path("after").toString()).contains(MIRROR);
        if (file.endsWith("daemon.json")) {
            assertOnlyMirrorsChanged(before, after);
        } else {
            assertOnlyFlagsChanged(before, after);
        }
        machine.run(arguments).exits(0);
        assertThat(Files.readAllBytes(file)).isEqualTo(after);
        machine.run("restore", "--root=" + root, "--platform=" + platform).exits(0);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        return "survived";
    }

    /** By another reader than ours. */
    private static void assertOnlyMirrorsChanged(byte[] before, byte[] after) throws IOException {
        int[] old = mirrors(before);
        int[] now = mirrors(after);
        boolean isNew = old.length == 0;
        int same = Arrays.mismatch(before, after);
        int tail = before.length - (isNew ? same : old[1]);
        assertThat(now).hasSize(2);
        assertThat(same).isGreaterThanOrEqualTo(isNew ? 0 : old[0]);
        assertThat(Arrays.copyOfRange(after, after.length - tail, after.length))
                .isEqualTo(Arrays.copyOfRange(before, before.length - tail, before.length));
    }

    /** Where the list begins and ends; empty without one. */
    private static int[] mirrors(byte[] content) throws IOException {
        try (JsonParser json = JsonFactory.builder().build().createParser(content)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = json.currentName().equals("registry-mirrors");
                json.nextToken();
                int start = (int) json.currentTokenLocation().getByteOffset();
                json.skipChildren();
                if (found) {
                    return new int[] {start, (int) json.currentLocation().getByteOffset()};
                }
            }
            return new int[0];
        }
    }

    /** Line by line: what was added or changed speaks of mirrors, and all other lines are there in their order. */
    private static void assertOnlyFlagsChanged(byte[] before, byte[] after) {
        String[] old = lines(before);
        String[] now = lines(after);
        int same = 0;
        while (same < old.length && same < now.length && old[same].equals(now[same])) {
            same++;
        }
        int tail = 0;
        while (tail < old.length - same
                && tail < now.length - same
                && old[old.length - 1 - tail].equals(now[now.length - 1 - tail])) {
            tail++;
        }
        assertThat(Arrays.copyOfRange(old, same, old.length - tail)).allMatch(line -> line.contains("DOCKER_OPTS="));
        assertThat(Arrays.copyOfRange(now, same, now.length - tail))
                .isNotEmpty()
                .allMatch(line -> line.contains("--registry-mirror"));
    }

    private static String[] lines(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).lines().toArray(String[]::new);
    }
}
