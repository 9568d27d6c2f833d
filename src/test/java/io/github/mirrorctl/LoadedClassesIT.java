package io.github.mirrorctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds what commands load, since that is what their start-up costs: {@code list} to its number. Where more is wanted,
 * {@code mvn verify -Dmirrorctl.update=true} writes the file anew, and the commit says what the newcomers are for.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the names are a Unix's")
final class LoadedClassesIT {
    private static final Path LAUNCHER = Path.of(System.getProperty("mirrorctl.home"), "bin", "mirrorctl");
    private static final Path KNOWN = Path.of("src/test/resources/classes-of-list.txt");
    /** Those of the JVM differ from one version to the next. */
    private static final int RECORDED_WITH = 17;

    private static final double MOST_GROWTH = 1.1;

    private static final Pattern LOADED = Pattern.compile("(?m)^\\[class,load] (\\S+) source: ");
    /** What the build or a JVM makes up has a number that depends on what came before. */
    private static final Pattern NUMBER = Pattern.compile("(?<=\\$\\$Lambda|\\$Proxy)\\$?\\d+|(?<=/)0x.*");

    @TempDir
    private Path scratch;

    @Test
    void list_loads_no_tenth_more_classes_than_it_did() throws Exception {
        assumeTrue(Runtime.version().feature() == RECORDED_WITH, "the names were recorded with another Java");
        List<String> loaded = loadedBy("list");
        if (Boolean.getBoolean("mirrorctl.update") && System.getenv("CI") == null) {
            Files.write(KNOWN, loaded);
        }

        List<String> known = Files.readAllLines(KNOWN);

        List<String> newcomers = new ArrayList<>(loaded);
        known.forEach(newcomers::remove);
        assertThat(loaded.size())
                .as("classes that list loads; %d are new:%n%s", newcomers.size(), String.join("\n", newcomers))
                .isLessThanOrEqualTo((int) (known.size() * MOST_GROWTH));
        assertThat(loaded)
                .noneMatch(name -> name.startsWith("picocli.CommandLine$Model$CommandSpec")
                        || name.startsWith("java.util.logging.")
                        || name.startsWith("java.text.MessageFormat")
                        || name.startsWith("java.util.Formatter")
                        || name.startsWith("sun.security.ssl."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apply --no-probe --root ROOT https://mirror.example",
                "apply --none --root ROOT",
                "probe --help",
                "apply -h",
            })
    void what_connects_to_nobody_loads_nothing_of_tls(String command) throws Exception {
        assertThat(loadedBy(words(command))).noneMatch(name -> name.startsWith("sun.security.ssl."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "list -o json --lang=zh", "apply --no-probe --root ROOT https://mirror.example"})
    void no_lambda_of_the_program_is_made_up_as_it_runs(String command) throws Exception {
        assertThat(loadedBy(words(command)))
                .anyMatch(name -> name.startsWith("io.github.mirrorctl.") && name.endsWith("$$Lambda"))
                .noneMatch(name -> name.startsWith("io.github.mirrorctl.") && name.endsWith("/"));
    }

    /** With a folder of its own where the command says ROOT. */
    private String[] words(String command) throws IOException {
        Path root = Files.createDirectory(scratch.resolve("root"));
        return Stream.of(command.split(" ", -1))
                .map(word -> word.replace("ROOT", root.toString()))
                .toArray(String[]::new);
    }

    private List<String> loadedBy(String... arguments) throws Exception {
        Path log = scratch.resolve("classes");
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(scratch.resolve("out").toFile())
                .redirectError(scratch.resolve("err").toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        "/usr/bin:/bin",
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "LC_ALL",
                        "C.UTF-8",
                        "XDG_CONFIG_HOME",
                        scratch.toString(),
                        // An archive would bring classes of its own.
                        "MIRRORCTL_CACHE",
                        "",
                        "MIRRORCTL_OPTS",
                        "-Xlog:class+load:file=" + log + ":tags"));
        Process process = builder.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        return LOADED.matcher(Files.readString(log))
                .results()
                .map(match -> NUMBER.matcher(match.group(1)).replaceAll(""))
                .sorted()
                .collect(Collectors.toList());
    }
}
