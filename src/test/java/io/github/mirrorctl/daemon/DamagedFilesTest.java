package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Fault;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files of flags with random damage: understood or refused, and nothing else. */
class DamagedFilesTest {
    private static final int FILES = Generation.DOCUMENTS;
    private static final List<String> WANTED = List.of("https://new.example", "http://10.0.0.5:5000");
    private static final String FLAGS = """
            # Use DOCKER_OPTS to modify the daemon startup options.
            #DOCKER_OPTS="--dns 8.8.8.8"
            DOCKER_OPTS="--debug --registry-mirror=https://a \\
              --registry-mirror https://b"
            export DOCKER_OPTS="$DOCKER_OPTS --registry-mirror='https://c'"
            if true; then X='1'; fi
            """;
    private static final String UNIT = """
            [Service]
            EnvironmentFile=-/etc/default/docker
            Environment="DOCKER_OPTS=--registry-mirror='https://a'" B=2
            ExecStart=/usr/bin/dockerd -H fd:// \\
            # why
              $DOCKER_OPTS "--registry-mirror=https://b"
            """;
    private static final List<String> SCRAPS = List.of(
            "\"",
            "'",
            "\\",
            "\n",
            "\r\n",
            " ",
            "$",
            "${",
            "$(",
            ")",
            "`",
            "#",
            ";",
            "&&",
            "|",
            "=",
            "+=",
            "{",
            "}",
            "",
            "--registry-mirror",
            "--registry-mirror=",
            "DOCKER_OPTS=",
            "[",
            "\u2013",
            "if ",
            "<<",
            "\"\"");

    private final Random random = Generation.random();

    private String damaged(String text) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(5); i >= 0; i--) {
            int at = random.nextInt(damaged.length());
            int end = Math.min(damaged.length(), at + random.nextInt(3));
            damaged.replace(at, end, SCRAPS.get(random.nextInt(SCRAPS.size())));
        }
        return damaged.toString();
    }

    @Test
    void flags_are_edited_as_asked_or_refused() {
        int edited = 0;
        for (int i = 0; i < FILES; i++) {
            String text = damaged(FLAGS);
            for (DockerOpts.Dialect dialect : DockerOpts.Dialect.values()) {
                try {
                    DockerOpts opts = DockerOpts.parse(text, "f", "DOCKER_OPTS", dialect);
                    String after = opts.withMirrors(WANTED);

                    assertThat(DockerOpts.parse(after, "f", "DOCKER_OPTS", dialect)
                                    .mirrors())
                            .as(dialect + "\n" + text + "\n->\n" + after)
                            .isEqualTo(WANTED);
                    edited++;
                } catch (Fault refused) {
                    assertThat(refused.problems()).isNotEmpty();
                }
            }
        }
        assertThat(edited).isGreaterThan(FILES / 2);
        Generation.report(FILES, "files of flags with mistakes, each read by a shell's rules and by systemd's");
    }

    @Test
    void units_are_always_read() {
        for (int i = 0; i < FILES; i++) {
            UnitFile unit = UnitFile.parse(damaged(UNIT), "u");

            assertThat(unit.commandLine(variable -> Optional.empty())
                            .values("--registry-mirror")
                            .size())
                    .isLessThan(10);
            assertThat(unit.environmentFiles().size() + unit.variables().size()).isLessThan(20);
        }
    }
}
