package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.mirrorctl.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Files of real machines, where a folder of them is at hand: {@code -Dmirrorctl.corpus=FOLDER}. Each kind has its own
 * folder with an INDEX.tsv; the columns used are the number and the mirrors, parted by blanks.
 */
class CorpusTest {

    private static Path folder(String kind) {
        Optional<Path> corpus =
                Optional.ofNullable(System.getProperty("mirrorctl.corpus")).map(Path::of);
        assumeTrue(corpus.isPresent(), "needs -Dmirrorctl.corpus=FOLDER");
        return corpus.orElseThrow().resolve(kind);
    }

    private static List<String[]> index(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("INDEX.tsv")).stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .toList();
    }

    private static Path numbered(Path folder, String number) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(number + "."))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> mirrors(String column) {
        return column.isBlank() || column.startsWith("(")
                ? List.of()
                : List.of(column.strip().split(" "));
    }

    @Test
    void reads_every_docker_info() throws IOException {
        Path folder = folder("docker-info");

        for (String[] row : index(folder)) {
            String text = Files.readString(numbered(folder, row[0]));

            DockerInfo info = DockerInfo.parse(text);
            boolean isShown = info.trouble() == DockerInfo.Trouble.NONE;

            assertThat(info.mirrors()).as(row[0]).isEqualTo(isShown ? Optional.of(mirrors(row[3])) : Optional.empty());
            assertThat(isShown || mirrors(row[3]).isEmpty()).as(row[0]).isTrue();
        }
    }

    @Test
    void reads_valid_daemon_json_and_refuses_the_rest() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String kind : List.of("daemon-json", "daemon-json-embedded")) {
            Path folder = folder(kind);
            for (String[] row : index(folder)) {
                Path file = numbered(folder, row[0]);
                byte[] content = Files.readAllBytes(file);
                String outcome = outcome(content, file);
                boolean wellFormed = row[4].equals("valid") || row[4].equals("empty");
                boolean right = wellFormed
                        ? outcome.equals("read " + mirrors(row[6])) || outcome.startsWith("mirrors-")
                        : row[4].equals("template") || !outcome.startsWith("read");
                if (!right) {
                    wrong.add(row[0] + " " + outcome);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String outcome(byte[] content, Path file) {
        try {
            DaemonConfig config = DaemonConfig.parse(content, file.toString());
            byte[] edited = config.withMirrors(List.of("https://new.example"));
            DaemonConfig again = DaemonConfig.parse(edited, file.toString());
            assertThat(again.mirrors()).containsExactly("https://new.example");
            assertThat(Arrays.equals(again.withMirrors(again.mirrors()), edited))
                    .isTrue();
            return "read " + config.mirrors();
        } catch (Fault e) {
            return e.problems().get(0).code() + " "
                    + e.problems()
                            .get(0)
                            .place()
                            .map(place -> place.line() + ":" + place.column())
                            .orElse("");
        }
    }

    @Test
    void reads_every_file_of_flags_as_its_owner_sees_it() throws IOException {
        for (String kind : List.of("default-docker", "other-opts")) {
            Path folder = folder(kind);
            for (String[] row : index(folder)) {
                String text = Files.readString(numbered(folder, row[0]));
                String variable = variable(row[1]);
                for (DockerOpts.Dialect dialect : DockerOpts.Dialect.values()) {
                    DockerOpts opts = DockerOpts.parse(text, row[1], variable, dialect);
                    String edited = opts.withMirrors(List.of("https://new.example"));

                    assertThat(opts.mirrors()).as(row[0]).isEqualTo(mirrors(row[6]));
                    assertThat(DockerOpts.parse(edited, row[1], variable, dialect)
                                    .mirrors())
                            .as(edited)
                            .containsExactly("https://new.example");
                }
            }
        }
    }

    private static String variable(String file) {
        if (file.endsWith("/profile")) {
            return "EXTRA_ARGS";
        }
        return file.contains("sysconfig") ? "OPTIONS" : "DOCKER_OPTS";
    }

    @Test
    void finds_the_flags_of_every_drop_in() throws IOException {
        Path folder = folder("systemd-dropins");
        UnitFile unit = UnitFile.parse("[Service]\nExecStart=/usr/bin/dockerd $DOCKER_OPTS\n", "docker.service");

        for (String[] row : index(folder)) {
            UnitFile dropIn = UnitFile.parse(Files.readString(numbered(folder, row[0])), row[0]);

            assertThat(unit.with(dropIn).commandLine(variable -> Optional.empty()).values("--registry-mirror").stream()
                            .map(Argument::text))
                    .as(row[0])
                    .isEqualTo(mirrors(row[6]));
        }
    }
}
