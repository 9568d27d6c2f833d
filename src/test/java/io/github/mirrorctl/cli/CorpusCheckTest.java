package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks outputs of docker info of real machines, where a folder of them is at hand: {@code -Dmirrorctl.corpus=FOLDER}.
 * What was read is printed, to be looked at.
 */
final class CorpusCheckTest {
    @TempDir
    private Path root;

    @Test
    void every_output_of_docker_info_is_read_right() throws IOException {
        Optional<Path> corpus =
                Optional.ofNullable(System.getProperty("mirrorctl.corpus")).map(Path::of);
        assumeTrue(corpus.isPresent(), "needs -Dmirrorctl.corpus=FOLDER");
        Path folder = corpus.orElseThrow().resolve("docker-info");
        Map<String, Integer> verdicts = new TreeMap<>();
        List<String> rows = Files.readAllLines(folder.resolve("INDEX.tsv"));
        for (String row : rows.subList(1, rows.size())) {
            String[] columns = row.split("\t", -1);
            Path file = folder.resolve(columns[0] + ".txt");

            JsonNode document = Run.Machine.at(root)
                    .run("check", "--docker-info=" + file, "-o", "json")
                    .json();

            assertThat(strings(document.path("running"))).as(row).isEqualTo(mirrors(columns[3]));
            String version = document.at("/engine/version").asText("unknown");
            // Some are cut so that the version, which is known from where they were found, is not in them.
            if (Files.readString(file).contains("Server Version:")) {
                assertThat(version).as(row).isEqualTo(columns[2]);
            }
            String verdict = document.path("verdict").asText();
            if (!mirrors(columns[3]).isEmpty()) {
                assertThat(verdict).as(row).isEqualTo("active");
            }
            verdicts.merge(verdict, 1, Integer::sum);
            System.out.println("corpus docker-info/" + columns[0] + ": " + verdict + ", " + version + ", "
                    + document.at("/engine/imageStore").asText("?") + ", "
                    + document.at("/engine/operatingSystem").asText("?") + ", rootless "
                    + document.at("/engine/rootless").asText("?") + ", "
                    + strings(document.path("running")) + ", " + document.findValuesAsText("code"));
        }
        assertThat(numbered(folder)).isEqualTo(rows.size() - 1);
        System.out.println("corpus docker-info in all: " + verdicts);
    }

    private static long numbered(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".txt")).count();
        }
    }

    private static List<String> mirrors(String column) {
        return column.isBlank() || column.startsWith("(")
                ? List.of()
                : List.of(column.strip().split(" ", -1));
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(each -> strings.add(each.asText()));
        return strings;
    }
}
