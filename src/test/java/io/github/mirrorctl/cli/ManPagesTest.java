package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manual pages, as groff shows them; src/test/e2e/manual has man itself do it. */
final class ManPagesTest {
    private static final List<String> SECTIONS =
            List.of("name", "synopsis", "description", "options", "exit-status", "environment", "examples", "see-also");

    @TempDir
    private Path folder;

    private static boolean has(String tool) {
        return Stream.of("/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/")
                .anyMatch(place -> Files.isExecutable(Path.of(place + tool)));
    }

    /** What it wrote, where it has nothing to complain of. */
    private static String output(Path folder, String... command) throws Exception {
        Path text = folder.resolve("text");
        Path complaints = folder.resolve("complaints");
        ProcessBuilder process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(text.toFile())
                .redirectError(complaints.toFile());
        process.environment().put("LC_ALL", "C.UTF-8");
        Process running = process.start();
        boolean isOver = running.waitFor(30, TimeUnit.SECONDS);
        running.destroyForcibly();
        assertThat(isOver).as(String.join(" ", command)).isTrue();
        assertThat(complaints).as(String.join(" ", command)).hasContent("");
        assertThat(running.exitValue()).as(String.join(" ", command)).isZero();
        return Files.readString(text);
    }

    /** On one line, as the words are read. */
    private static String read(String page) {
        return page.replaceAll("\u001b\\[[0-9;]*m", "").replaceAll(".\b", "").replace('\n', ' ');
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s+", "");
    }

    private Path file(ManPage page) throws IOException {
        return Files.writeString(folder.resolve(page.name() + ".1"), page.roff());
    }

    @ParameterizedTest
    @CsvSource({"en, 80", "en, 40", "zh, 80", "zh, 40"})
    void groff_shows_every_page_without_a_complaint_and_within_the_terminal(String language, int columns)
            throws Exception {
        assumeTrue(has("groff"), "groff is not installed");
        List<ManPage> pages = ManPages.in(Locale.forLanguageTag(language));
        assertThat(pages).hasSizeGreaterThan(10);

        for (ManPage page : pages) {
            String[] groff = {
                "groff",
                "-ww",
                "-Kutf8",
                "-Tutf8",
                "-man",
                "-rLL=" + columns + "n",
                file(page).toString()
            };
            String output = output(folder, groff);
            String shown = withoutBlanks(read(output));

            assertThat(output.lines().map(ManPagesTest::read))
                    .allSatisfy(line -> assertThat(columns(line))
                            .as(page.name() + ": " + line)
                            .isLessThanOrEqualTo(columns));

            assertThat(wanted(page))
                    .isNotEmpty()
                    .allSatisfy(text -> assertThat(shown).contains(withoutBlanks(text)));
        }
    }

    private static List<String> wanted(ManPage page) {
        List<String> wanted = new ArrayList<>();
        SECTIONS.forEach(section -> wanted.add(page.manual().getString("section." + section)));
        for (var option : page.command().options()) {
            wanted.addAll(List.of(option.names()));
            wanted.add(CommandTree.description(option));
        }
        page.command().arguments().forEach(argument -> wanted.add(CommandTree.description(argument)));
        page.command().children().forEach(child -> wanted.add(child.summary()));
        return wanted;
    }

    private static int columns(String line) {
        return line.codePoints().map(c -> c >= 0x2e80 && c < 0xffe7 ? 2 : 1).sum();
    }

    @Test
    void both_languages_have_the_same_pages_and_say_something_of_each() {
        List<String> english =
                ManPages.in(Locale.ENGLISH).stream().map(ManPage::name).toList();

        assertThat(english)
                .contains("mirrorctl", "mirrorctl-apply", "mirrorctl-catalog-add")
                .doesNotHaveDuplicates();
        assertThat(ManPages.in(Locale.CHINESE).stream().map(ManPage::name)).isEqualTo(english);
        assertThat(ManPages.in(Locale.CHINESE))
                .allSatisfy(page -> assertThat(page.roff()).contains("名称", "示例").doesNotContain("SH \"NAME"));
    }

    @Test
    void every_text_is_in_both_languages() {
        for (Locale language : List.of(Locale.ENGLISH, Locale.CHINESE)) {
            ManPage page = ManPages.in(language).get(0);
            List<String> texts = page.manual().keySet().stream()
                    .filter(key -> !key.startsWith("pages."))
                    .filter(key -> language.equals(Locale.CHINESE)
                            && page.manual().getString(key).chars().noneMatch(c -> c > 0x2e80))
                    .toList();

            assertThat(texts).isEmpty();
        }
    }

    @Test
    void two_builds_write_the_same() {
        assertThat(texts()).isEqualTo(texts()).contains("2026");
    }

    private static String texts() {
        return ManPages.in(Locale.ENGLISH).stream().map(ManPage::roff).collect(Collectors.joining());
    }
}
