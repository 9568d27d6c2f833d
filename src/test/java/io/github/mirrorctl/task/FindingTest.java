package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.mirrorctl.daemon.DockerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FindingTest {
    private static final Path RESOURCES = Path.of("src", "main", "resources", "io", "github", "mirrorctl");

    private static Set<String> codes() {
        return Arrays.stream(Finding.values()).map(Finding::key).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void the_schema_lists_every_code() throws IOException {
        var schema = JsonMapper.builder()
                .build()
                .readTree(Files.readString(RESOURCES.resolve("schema").resolve("check.schema.json")));
        var listed = schema.at("/properties/findings/items/properties/code/enum");

        assertThat(StreamSupport.stream(listed.spliterator(), false).map(node -> node.asText()))
                .containsExactlyInAnyOrderElementsOf(codes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"findings.md", "findings.zh.md"})
    void its_page_lists_every_code_in_both_languages(String page) throws IOException {
        List<String> rows = Files.readAllLines(Path.of("src", "docs", page)).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(namedIn(rows, 1)).containsExactlyInAnyOrderElementsOf(codes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"| what you see |", "| 现象 |"})
    void the_readme_says_what_to_do_about_codes_that_there_are(String head) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String table = readme.substring(readme.indexOf(head)).split("\n\n", 2)[0];

        assertThat(namedIn(table.lines().skip(2).toList(), 2))
                .hasSizeGreaterThan(15)
                .isSubsetOf(codes());
    }

    /** The codes in a column of a table's rows. */
    private static List<String> namedIn(List<String> rows, int column) {
        return rows.stream()
                .map(row -> row.split("\\|", -1)[column])
                .flatMap(cell -> Pattern.compile("`([a-z0-9-]+)`").matcher(cell).results())
                .map(match -> match.group(1))
                .filter(code -> !code.startsWith("--"))
                .toList();
    }

    /** In a document that check prints, or by name in a test of the class that finds it. */
    @Test
    void a_test_shows_every_code() throws IOException {
        Set<String> missing = new TreeSet<>(codes());
        missing.removeAll(named(
                "\"code\": \"([a-z-]+)\"", Path.of("src", "test", "golden", "check"), file -> file.endsWith("stdout")));
        missing.removeAll(named(
                "(?<=[\", ])([a-z-]+)(?=[\",\\\\])",
                Path.of("src", "test", "java"),
                file -> file.toString().endsWith("Test.java") && !file.endsWith("FindingTest.java")));

        assertThat(missing).isEmpty();
    }

    private static Set<String> named(String pattern, Path folder, Predicate<Path> which) throws IOException {
        Pattern code = Pattern.compile(pattern);
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(which).toList()) {
                code.matcher(Files.readString(file)).results().forEach(match -> found.add(match.group(1)));
            }
        }
        return found;
    }

    /** Their places in the sources are texts, so the sources are what knows them all. */
    @Test
    void whatever_check_and_its_parts_say_has_a_code() throws IOException {
        Pattern code = Pattern.compile(
                "(?:Problem(?:\\.(?:error|warning|of))?|source\\.(?:error|warning)|found|refuse)\\(\\s*\"([a-z-]+)\"");
        Set<String> said = new TreeSet<>();
        for (String file : List.of(
                "task/EngineQuestion",
                "task/CheckTask",
                "task/EngineFindings",
                "task/CertificateFolder",
                "task/MirrorFindings",
                "task/EngineStart",
                "task/FlagConflicts",
                "task/EngineCheck",
                "daemon/KeyCheck")) {
            String source = Files.readString(Path.of("src/main/java/io/github/mirrorctl", file + ".java"));
            code.matcher(source)
                    .results()
                    .map((MatchResult match) -> match.group(1))
                    .forEach(said::add);
        }
        Arrays.stream(DockerInfo.Trouble.values())
                .filter(trouble -> trouble != DockerInfo.Trouble.NONE)
                .forEach(trouble -> said.add(trouble.key()));

        assertThat(said).hasSizeGreaterThan(50);
        assertThat(codes()).containsAll(said);
    }
}
