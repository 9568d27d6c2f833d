package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.mirrorctl.cli.Run.Machine;
import io.github.mirrorctl.registry.TestMirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that the README and its pages tell people to run. Those of Maven are what runs this test. */
class ReadmeTest {
    private static final String CHINESE = "## 简体中文";
    private static final String TESTS = "mvn -B verify";
    private static final String BUILD = "mvn -q package -DskipTests";
    private static final String BEFORE = "{\"debug\": true}\n";

    /** A machine of its own, since what is run here writes where it would on a real one. */
    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");

    @TempDir
    private Path ours;

    @BeforeEach
    void setUp() throws IOException {
        Files.createDirectories(top.resolve("/run/systemd/system"));
        Files.createDirectories(top.resolve("/var/run"));
        Files.createDirectories(top.resolve("/etc/docker"));
        Files.writeString(file(), BEFORE);
    }

    private Path file() {
        return top.resolve("/etc/docker/daemon.json");
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }

    /** The pages that the README leads to, one behind the other. */
    private static String pages() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(Path.of("src", "docs"))) {
            for (Path page :
                    files.filter(file -> file.toString().endsWith(".md")).toList()) {
                all.append('\n').append(Files.readString(page));
            }
        }
        return all.toString();
    }

    /** The commands of the blocks for a shell, one each, without what is said behind them. */
    private static List<String> commands(String text) {
        List<String> commands = new ArrayList<>();
        boolean isInside = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("```")) {
                isInside = line.equals("```sh");
            } else if (isInside) {
                commands.addAll(Arrays.asList(line.replaceFirst("\\s+#.*", "").split(" && ")));
            }
        }
        return commands;
    }

    private Run run(String command, TestMirror mirror) throws IOException {
        Path catalog = Files.writeString(
                ours.resolve("catalog.json"),
                "{\"schemaVersion\":1,\"updated\":\"2026-11-24\",\"mirrors\":[{\"id\":\"m\",\"url\":\"%s\"}]}"
                        .formatted(mirror.url()));
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.remove("sudo");
        assertThat(words.remove(0)).isIn("mirrorctl", "target/mirrorctl/bin/mirrorctl");
        if (words.get(0).equals("apply")) {
            words.add("--catalog=" + catalog);
        }
        return Machine.at(top).run(words.toArray(String[]::new));
    }

    private String oldest() {
        List<String> ids = Machine.at(top)
                .run("restore", "--list", "-o", "json")
                .exits(0)
                .json()
                .findValuesAsText("id");
        return ids.get(ids.size() - 1);
    }

    @Test
    void both_languages_tell_the_same() throws IOException {
        String readme = readme();
        int chinese = readme.indexOf(CHINESE);

        assertThat(commands(readme.substring(chinese)))
                .contains(TESTS)
                .isEqualTo(commands(readme.substring(0, chinese)));
    }

    @Test
    void each_does_what_is_said_of_it() throws IOException {
        List<String> commands =
                new ArrayList<>(commands(readme() + pages()).stream().distinct().toList());
        assertThat(commands.removeAll(List.of(TESTS, BUILD))).isTrue();
        try (TestMirror mirror = TestMirror.working()) {
            for (String command : commands) {
                String line = command.replaceFirst("^sudo ", "").replaceFirst("^target/mirrorctl/bin/", "");
                switch (line) {
                    case "mirrorctl apply --dry-run" -> {
                        assertThat(run(command, mirror).exits(0).out()).contains("+", mirror.url());
                        assertThat(Files.readString(file())).isEqualTo(BEFORE);
                    }
                    case "mirrorctl apply --reload" -> {
                        assertThat(run(command, mirror).exits(5).err()).contains("docker.sock");
                        assertThat(Files.readString(file())).isEqualTo(BEFORE);
                    }
                    case "mirrorctl check" ->
                        assertThat(run(command, mirror).exits(5).out()).contains("unknown");
                    case "mirrorctl restore" -> {
                        Run applied = run("mirrorctl apply", mirror).exits(0);
                        assertThat(Files.readString(file()))
                                .as(applied.toString())
                                .contains(mirror.url());
                        run(command, mirror).exits(0);
                        assertThat(Files.readString(file())).isEqualTo(BEFORE);
                    }
                    case "mirrorctl restore --list" ->
                        assertThat(run(command, mirror).exits(0).out()).contains(oldest());
                    case "mirrorctl restore ID --force" -> {
                        Files.writeString(file(), "{\"debug\": false}\n");
                        run(command.replace("ID", oldest()), mirror).exits(0);
                        assertThat(Files.readString(file())).isEqualTo(BEFORE);
                    }
                    case "mirrorctl apply --none" -> {
                        run(command, mirror).exits(0);
                        assertThat(Files.readString(file())).contains("\"registry-mirrors\": []");
                    }
                    default -> throw new AssertionError("nothing runs this command of the README: " + command);
                }
            }
        }
    }
}
