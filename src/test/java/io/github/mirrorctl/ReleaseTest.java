package io.github.mirrorctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is only run when there is a release: the workflows, and what the README tells people to fetch from one. */
class ReleaseTest {
    private static final Path WORKFLOWS = Path.of(".github/workflows");
    private static final Path TEMPLATES = Path.of("src/dist/templates");

    private static String release() throws IOException {
        return Files.readString(WORKFLOWS.resolve("release.yml"));
    }

    private static String workflows() throws IOException {
        return filesIn(WORKFLOWS).map(ReleaseTest::text).collect(Collectors.joining("\n"));
    }

    private static Stream<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().stream();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the first group of a pattern is, wherever it is found. */
    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static String between(String text, String start, String end) {
        assertThat(text).contains(start);
        String rest = text.substring(text.indexOf(start) + start.length());
        Stream<Integer> ends =
                Pattern.compile(end, Pattern.MULTILINE).matcher(rest).results().map(MatchResult::start);
        return rest.substring(0, ends.findFirst().orElse(rest.length()));
    }

    private static String job(String name) throws IOException {
        return between(release(), "\n  " + name + ":\n", "^  [a-z-]+:$");
    }

    /** The names of all files that the workflow publishes, with {@code $V} for the version. */
    private static Set<String> published() throws IOException {
        Set<String> names = new TreeSet<>(Set.of("SHA256SUMS", "mirrorctl_$V_amd64.deb", "mirrorctl-$V-1.x86_64.rpm"));
        for (String end : List.of("tar.gz", "zip", "jar", "cdx.json")) {
            names.add("mirrorctl-$V." + end);
        }
        for (String platform : all("\\{platform: ([^,}]+)", job("bundle"))) {
            names.add("mirrorctl-$V-" + platform + ".tar.gz");
            names.add("mirrorctl-$V-" + platform + ".zip");
        }
        for (String platform : all("\\{platform: (.+)\\}", job("native"))) {
            names.add("mirrorctl-$V-native-"
                    + platform.replaceFirst(",.*suffix: ", "").replaceFirst(",.*", ""));
        }
        filesIn(TEMPLATES).forEach(template -> names.add(template.getFileName().toString()));
        return names;
    }

    private static List<String> installing(String heading) throws IOException {
        String section = between(Files.readString(Path.of("README.md")), "\n" + heading + "\n", "^#");
        return all("`([^`]+)`", section).stream()
                .map(code -> code.replace("${V}", "$V"))
                .toList();
    }

    @Test
    void actions_are_pinned_to_a_commit_and_tell_its_version() throws IOException {
        assertThat(all("uses: (.*)", workflows()))
                .isNotEmpty()
                .allMatch(action -> action.matches("actions/[a-z-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"), "is pinned");
    }

    @Test
    void only_the_job_that_publishes_may_write() throws IOException {
        assertThat(filesIn(WORKFLOWS))
                .allSatisfy(file -> assertThat(text(file)).containsOnlyOnce("\npermissions:\n  contents: read\n\n"));
        assertThat(all("^ +([a-z-]+): write$", workflows())).containsExactly("contents", "id-token", "attestations");
        assertThat(all("^ +([a-z-]+): write$", job("publish"))).hasSize(3);
        assertThat(job("publish")).contains("if: github.event_name == 'push'", "[any-java, bundle, packages, native]");
    }

    @Test
    void workflows_call_scripts_that_are_there() throws IOException {
        List<String> scripts = all("((?:src/dist|\\.ci)/[a-z]+)", workflows());

        assertThat(scripts).contains("src/dist/smoke", "src/dist/try", "src/dist/finish", ".ci/test");
        assertThat(scripts).allSatisfy(script -> assertThat(Path.of(script)).isExecutable());
    }

    @Test
    void the_readme_says_the_same_of_installing_in_both_languages() throws IOException {
        assertThat(installing("## Install")).hasSizeGreaterThan(10).isEqualTo(installing("### 安装"));
    }

    @Test
    void the_readme_names_files_that_a_release_has() throws IOException {
        String code = String.join("\n", installing("## Install"));

        assertThat(all("(?:\\$URL|latest/download)/([^\\s\"]+)", code))
                .hasSizeGreaterThan(5)
                .isSubsetOf(published());
        Set<String> unpacked = published().stream()
                .map(name -> name.replaceFirst("\\.(tar\\.gz|zip)$", ""))
                .collect(Collectors.toSet());
        unpacked.addAll(published());
        assertThat(all("(mirrorctl[-_]\\$V[\\w.-]*)", code))
                .hasSizeGreaterThan(8)
                .isSubsetOf(unpacked);
    }

    @Test
    void templates_name_files_that_a_release_has() throws IOException {
        String templates = filesIn(TEMPLATES)
                .map(ReleaseTest::text)
                .collect(Collectors.joining("\n"))
                .replace("@VERSION@", "$V");

        assertThat(all("@SHA256 ([^@]+)@", templates)).hasSize(5).isSubsetOf(published());
        assertThat(all("releases/download/v\\$V/([^\"]+)\"", templates))
                .hasSize(6)
                .isSubsetOf(published());
    }
}
