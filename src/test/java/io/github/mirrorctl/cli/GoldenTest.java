package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the cases below {@code src/test/golden}, and holds each to what is promised of every run. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class GoldenTest {
    private static final boolean UPDATE = "update".equals(System.getProperty("mirrorctl.golden"));

    @TempDir
    private Path root;

    static Stream<GoldenCase> cases() throws IOException {
        return GoldenCase.all();
    }

    static Stream<GoldenCase> casesThatMayWrite() throws IOException {
        return GoldenCase.all().filter(GoldenCase::mayWrite);
    }

    static Stream<GoldenCase> casesThatChangeTheFile() throws IOException {
        return GoldenCase.all().filter(GoldenCase::changes);
    }

    @BeforeEach
    void name_the_root_as_the_program_will() throws IOException {
        root = root.toRealPath();
    }

    /** First, since updating writes what the others read. */
    @Order(1)
    @ParameterizedTest
    @MethodSource("cases")
    void does_what_the_folder_says(GoldenCase golden) throws IOException {
        var machine = golden.machine(root);
        Map<String, String> before = files();

        Run run = machine.runWith(golden.stdin(), golden.arguments(root));

        if (UPDATE) {
            assertThat(System.getenv("CI"))
                    .as("CI compares; only people update, and read what changed")
                    .isNull();
            golden.update(run, root);
        }
        run.exits(golden.exit());
        assertThat(content(golden)).as(run.toString()).isEqualTo(golden.after().map(GoldenTest::lossless));
        assertThat(Optional.of(GoldenCase.normalised(run.out(), root)))
                .as(run.toString())
                .isEqualTo(golden.stdout());
        golden.stderr()
                .ifPresent(stderr -> assertThat(GoldenCase.normalised(run.err(), root))
                        .as(run.toString())
                        .isEqualTo(stderr));
        if (golden.isJson()) {
            run.json();
        }
        assertBackedUp(golden, before, run);
    }

    /** One backup of what was there before a change, and nothing else touched; nothing at all without a change. */
    private void assertBackedUp(GoldenCase golden, Map<String, String> before, Run run) throws IOException {
        Map<String, String> now = files();
        if (!golden.changes()) {
            assertThat(now).as(run.toString()).isEqualTo(before);
            return;
        }
        List<String> backups =
                now.keySet().stream().filter(GoldenTest::isBackup).toList();
        assertThat(backups).as(run.toString()).hasSize(1);
        assertThat(backups.get(0)).endsWith(golden.before().isPresent() ? ".bak" : ".absent");
        assertThat(now.get(backups.get(0)))
                .isEqualTo(golden.before().map(GoldenTest::lossless).orElse(""));
        assertThat(withoutTarget(now, golden)).as(run.toString()).isEqualTo(withoutTarget(before, golden));
    }

    @ParameterizedTest
    @MethodSource("casesThatMayWrite")
    void a_dry_run_writes_nothing_and_ends_alike(GoldenCase golden) throws IOException {
        var machine = golden.machine(root);
        Map<String, String> before = files();
        String[] arguments = golden.arguments(root);
        boolean isDry = List.of(arguments).contains("--dry-run");

        Run run = machine.run(isDry ? arguments : with(arguments, "--dry-run"));

        assertThat(files()).as(run.toString()).isEqualTo(before);
        // Only a write needs a file that can be written.
        if (golden.exit() != ExitCode.ENVIRONMENT) {
            run.exits(golden.exit());
        }
    }

    @ParameterizedTest
    @MethodSource("casesThatChangeTheFile")
    void a_second_run_changes_nothing(GoldenCase golden) throws IOException {
        var machine = golden.machine(root);
        machine.run(golden.arguments(root)).exits(golden.exit());
        Map<String, String> once = files();

        Run again = machine.run(golden.arguments(root)).exits(golden.exit());

        assertThat(files()).as(again.toString()).isEqualTo(once);
        if (golden.isJson()) {
            assertThat(again.json().path("changed").asBoolean()).isFalse();
        } else {
            assertThat(again.out()).isNotEqualTo(golden.stdout().orElseThrow());
        }
    }

    @ParameterizedTest
    @MethodSource("casesThatChangeTheFile")
    void restore_gives_the_original_back(GoldenCase golden) throws IOException {
        var machine = golden.machine(root);
        machine.run(golden.arguments(root)).exits(golden.exit());

        Run run = machine.run(golden.restoring(root)).exits(0);

        assertThat(content(golden)).as(run.toString()).isEqualTo(golden.before().map(GoldenTest::lossless));
    }

    private static String[] with(String[] arguments, String more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    /** The content of the file that the case is about; empty where there is none. */
    private Optional<String> content(GoldenCase golden) throws IOException {
        Path target = golden.target(root);
        return Files.isRegularFile(target) ? Optional.of(lossless(Files.readAllBytes(target))) : Optional.empty();
    }

    /** Everything on the machine: each file's path, with slashes, and its bytes. */
    private Map<String, String> files() throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            Map<String, String> files = new TreeMap<>();
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(path).toString().replace('\\', '/'), lossless(Files.readAllBytes(path)));
            }
            return files;
        }
    }

    private static Map<String, String> withoutTarget(Map<String, String> files, GoldenCase golden) {
        String target = golden.target(Path.of("")).toString().replace('\\', '/');
        return files.entrySet().stream()
                .filter(file -> !file.getKey().equals(target) && !isBackup(file.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean isBackup(String file) {
        return file.contains(".mirrorctl-");
    }

    /** One character a byte, so that differences can be read. */
    private static String lossless(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
