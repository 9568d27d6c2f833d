package io.github.mirrorctl.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a real shell makes of the file before and after an edit. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh")
class DockerOptsShellTest {
    private static final List<String> OTHERS =
            List.of("--debug", "--dns 8.8.8.8", "-H unix:///var/run/docker.sock", "--log-opt max-size=1m", "-l=info");
    private static final List<String> URLS = List.of("https://a.example", "http://10.0.0.5:5000", "https://b.example/");
    /** Each costs two processes. */
    private static final int FILES = Generation.DOCUMENTS / 20;

    private final Random random = Generation.random();

    @TempDir
    Path folder;

    @Test
    void a_shell_that_sources_the_file_sees_the_same_other_words() throws Exception {
        List<String> texts = new ArrayList<>();
        List<List<String>> expected = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            String before = file();
            DockerOpts opts = parsed(before);
            List<String> wanted =
                    URLS.stream().filter(url -> random.nextBoolean()).toList();
            texts.add(before);
            expected.add(opts.mirrors());
            texts.add(opts.withMirrors(wanted));
            expected.add(wanted);
        }

        List<List<String>> words = source(texts);

        for (int i = 0; i < texts.size(); i++) {
            List<String> others = new ArrayList<>();
            assertThat(mirrors(words.get(i), others)).as(texts.get(i)).isEqualTo(expected.get(i));
            if (i % 2 == 1) {
                List<String> before = new ArrayList<>();
                mirrors(words.get(i - 1), before);
                assertThat(others)
                        .as(texts.get(i - 1) + "\n->\n" + texts.get(i))
                        .isEqualTo(before);
            }
        }
        Generation.report(FILES, "files of flags, edited and sourced by sh");
    }

    @Test
    void a_second_run_changes_nothing_and_the_old_list_comes_back() {
        for (int i = 0; i < Generation.DOCUMENTS; i++) {
            String before = file();
            DockerOpts opts = parsed(before);
            List<String> wanted =
                    URLS.stream().filter(url -> random.nextBoolean()).toList();

            String after = opts.withMirrors(wanted);

            assertThat(parsed(after).mirrors()).as(before).isEqualTo(wanted);
            assertThat(parsed(after).withMirrors(wanted)).as(before).isEqualTo(after);
            assertThat(parsed(parsed(after).withMirrors(opts.mirrors())).mirrors())
                    .as(before)
                    .isEqualTo(opts.mirrors());
        }
        Generation.report(Generation.DOCUMENTS, "files of flags, edited twice and back");
    }

    private static DockerOpts parsed(String text) {
        return DockerOpts.parse(text, "f", "DOCKER_OPTS", DockerOpts.Dialect.SHELL);
    }

    private String file() {
        StringBuilder text = new StringBuilder("# Docker Upstart and SysVinit configuration file\n");
        text.append(pick(List.of("", "#DOCKER_OPTS=\"--dns 8.8.8.8\"\n", "export http_proxy=''\n")));
        int lines = random.nextInt(3);
        for (int i = 0; i < lines; i++) {
            String quote = pick(List.of("\"", "'"));
            boolean chained = i > 0 && quote.equals("\"") && random.nextBoolean();
            String value = (chained ? "$DOCKER_OPTS " : "") + flags(quote);
            text.append(pick(List.of("", "export ")))
                    .append("DOCKER_OPTS=")
                    .append(quote)
                    .append(value)
                    .append(quote);
            text.append(pick(List.of("\n", " # it's here\n", "; X=1\n")));
        }
        if (lines == 0 && random.nextBoolean()) {
            text.append(
                    pick(List.of("DOCKER_OPTS=", "DOCKER_OPTS=--registry-mirror=https://a.example", "DOCKER_OPTS=-D")));
        }
        return text.toString();
    }

    private String flags(String quote) {
        List<String> flags = new ArrayList<>();
        int size = random.nextInt(5);
        for (int i = 0; i < size; i++) {
            boolean mirror = random.nextBoolean();
            flags.add(mirror ? "--registry-mirror" + pick(List.of("=", " ")) + pick(URLS) : pick(OTHERS));
        }
        String gap = pick(quote.equals("\"") ? List.of(" ", "  ", " \\\n  ", "\n") : List.of(" ", "\t", "\n"));
        return pick(List.of("", " ")) + String.join(gap, flags) + pick(List.of("", " "));
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static List<String> mirrors(List<String> words, List<String> others) {
        List<String> mirrors = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("--registry-mirror")) {
                i++;
                mirrors.add(words.get(i));
            } else if (words.get(i).startsWith("--registry-mirror=")) {
                mirrors.add(words.get(i).substring("--registry-mirror=".length()));
            } else {
                others.add(words.get(i));
            }
        }
        return mirrors;
    }

    /** The words of {@code $DOCKER_OPTS} after each text was sourced, found by one run of sh. */
    private List<List<String>> source(List<String> texts) throws Exception {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            Files.writeString(folder.resolve("f" + i), texts.get(i));
            script.append("(. ./f").append(i).append("; for w in $DOCKER_OPTS; do echo \"$w\"; done; echo END)\n");
        }
        Files.writeString(folder.resolve("run"), script);
        ProcessBuilder builder = new ProcessBuilder("sh", "./run").directory(folder.toFile());
        builder.environment().remove("DOCKER_OPTS");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        return Stream.of(output.split("END\n", -1))
                .limit(texts.size())
                .map(words -> words.lines().toList())
                .toList();
    }
}
