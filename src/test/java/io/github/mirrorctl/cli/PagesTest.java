package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be read in the repository: the README and the pages that it leads to. */
class PagesTest {
    private static final Path README = Path.of("README.md");
    private static final Path PAGES = Path.of("src", "docs");
    private static final String CHINESE = "## 简体中文";

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)|^\\[[^]]+]: (\\S+)", Pattern.MULTILINE);
    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern OPTION = Pattern.compile("`(--?[a-z][a-z0-9-]*)");
    private static final int LARGEST_PICTURE_BYTES = 150_000;
    /** Three minutes of an adult's silent reading: some 240 words, or 400 Chinese characters, a minute. */
    private static final int MOST_WORDS = 720;

    private static final int MOST_CHARACTERS = 1200;

    static Stream<Path> all() throws IOException {
        List<Path> all = new ArrayList<>(List.of(README));
        for (Path folder : List.of(PAGES, PAGES.resolve("adr"), Path.of(".github"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(all::add);
            }
        }
        return all.stream();
    }

    /** The pages that there are in two languages, by their English file. */
    static Stream<Path> pages() throws IOException {
        return all().filter(page ->
                PAGES.equals(page.getParent()) && !page.toString().endsWith(".zh.md"));
    }

    private static Path inChinese(Path page) {
        return Path.of(page.toString().replaceFirst("\\.md$", ".zh.md"));
    }

    private static String withoutCode(String text) {
        return FENCE.matcher(text).replaceAll("");
    }

    /** As forges make them: lower case, hyphens for blanks, and no punctuation but hyphens and underscores. */
    private static Set<String> anchors(Path page) throws IOException {
        return withoutCode(Files.readString(page))
                .lines()
                .filter(line -> line.matches("#{1,6} .*"))
                .map(line -> line.replaceFirst("^#+ ", "").strip().toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("all")
    void every_link_leads_somewhere(Path page) throws IOException {
        List<String> broken = new ArrayList<>();
        for (MatchResult link :
                LINK.matcher(withoutCode(Files.readString(page))).results().toList()) {
            String to = link.group(1) == null ? link.group(2) : link.group(1);
            String[] sides = to.split("#", 2);
            Path file =
                    sides[0].isEmpty() ? page : page.resolveSibling(sides[0]).normalize();
            boolean isElsewhere = to.startsWith("https://");
            if (!isElsewhere
                    && (!Files.exists(file)
                            || (sides.length > 1 && !anchors(file).contains(sides[1])))) {
                broken.add(to);
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void the_readme_leads_to_every_page_in_its_language() throws IOException {
        String readme = Files.readString(README);
        String english = readme.substring(0, readme.indexOf(CHINESE));
        String chinese = readme.substring(readme.indexOf(CHINESE));
        assertThat(pages()).hasSizeGreaterThanOrEqualTo(4);

        for (Path page : pages().toList()) {
            assertThat(english).contains("(src/docs/" + page.getFileName());
            assertThat(chinese).contains("(src/docs/" + inChinese(page).getFileName());
        }
    }

    /** What of a text does not depend on its language: headings, tables, lists and code, in order. */
    private static List<String> shape(String text) {
        List<String> shape = new ArrayList<>();
        boolean isCode = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("```")) {
                isCode = !isCode;
                shape.add(line);
            } else if (isCode) {
                shape.add(line.replaceFirst("\\s+# .*", ""));
            } else if (line.startsWith("|")) {
                shape.add("row of " + line.split("(?<!\\\\)\\|", -1).length);
            } else if (line.matches("(#+|-|\\d+\\.) .*")) {
                shape.add(line.substring(0, line.indexOf(' ')));
            } else if (line.startsWith("![")) {
                shape.add("picture");
            }
        }
        return shape;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void both_languages_of_a_page_have_the_same_parts(Path page) throws IOException {
        assertThat(shape(Files.readString(inChinese(page)))).isEqualTo(shape(Files.readString(page)));
    }

    /** What is printed differs; so do the levels, since the Chinese half is a chapter. */
    @Test
    void both_halves_of_the_readme_have_the_same_parts() throws IOException {
        String readme = Pattern.compile("(?ms)^```console$.*?^```$")
                .matcher(Files.readString(README))
                .replaceAll("");
        String english = readme.substring(readme.indexOf("## "), readme.indexOf("\n---\n"));
        String chinese = readme.substring(readme.indexOf("### ", readme.indexOf(CHINESE)));

        assertThat(shape(chinese.replaceAll("(?m)^###", "##"))).isEqualTo(shape(english));
    }

    /** Of options, the names in the first column of its table. */
    private static Set<String> listed(String half) {
        return half.lines()
                .filter(line -> line.matches("\\| `-.*"))
                .map(line -> line.split("\\|", 3)[1])
                .flatMap(cell -> OPTION.matcher(cell).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of {@code catalog add} and {@code update} stand on a page of their own. */
    @Test
    void both_halves_of_the_readme_list_every_option() throws IOException {
        String readme = Files.readString(README);
        Set<String> options = new TreeSet<>();
        ManPages.in(Locale.ENGLISH).stream()
                .map(ManPage::command)
                .filter(command -> !command.path().startsWith("catalog "))
                .flatMap(command -> command.options().stream())
                .forEach(option -> options.addAll(Arrays.asList(option.names())));

        assertThat(listed(readme.substring(0, readme.indexOf(CHINESE)))).isEqualTo(options);
        assertThat(listed(readme.substring(readme.indexOf(CHINESE)))).isEqualTo(options);
    }

    /** Of options, the commands in the second column of its table; those of {@code catalog} stand elsewhere, if not all. */
    @Test
    void both_halves_of_the_readme_say_which_commands_take_an_option() throws IOException {
        Map<String, Set<String>> takers = new TreeMap<>();
        for (ManPage page : ManPages.in(Locale.ENGLISH)) {
            CommandTree command = page.command();
            command.options().stream()
                    .flatMap(option -> Arrays.stream(option.names()))
                    .forEach(option -> takers.computeIfAbsent(option, any -> new TreeSet<>())
                            .add(command.path().split(" ", 2)[0]));
        }

        for (String line : Files.readString(README)
                .lines()
                .filter(row -> row.matches("\\| `-.*") && !row.contains("--version"))
                .toList()) {
            String[] cells = line.split("(?<!\\\\)\\|", -1);
            Set<String> said = Arrays.stream(cells[2].strip().split("[,、] ?"))
                    .map(command -> command.split(" ", 2)[0])
                    .collect(Collectors.toCollection(TreeSet::new));
            if (said.removeAll(Set.of("all", "全部"))) {
                said.add("");
                said.addAll(Mirrorctl.COMMANDS);
            }
            String option =
                    OPTION.matcher(cells[1]).results().findFirst().orElseThrow().group(1);
            Set<String> taking = new TreeSet<>(takers.get(option));
            if (!said.contains("catalog")) {
                taking.remove("catalog");
            }
            assertThat(said).as(line).isEqualTo(taking);
        }
    }

    @Test
    void the_page_on_catalogs_names_every_option_of_its_commands() throws IOException {
        String english = Files.readString(PAGES.resolve("automation.md"));
        String chinese = Files.readString(PAGES.resolve("automation.zh.md"));
        List<String> missing = new ArrayList<>();
        Set<String> inReadme = listed(Files.readString(README));
        ManPages.in(Locale.ENGLISH).stream()
                .map(ManPage::command)
                .filter(command -> command.path().startsWith("catalog "))
                .flatMap(command -> command.options().stream())
                .map(option -> option.longestName())
                .filter(name -> !inReadme.contains(name))
                .filter(name -> !english.contains("`" + name) || !chinese.contains("`" + name))
                .forEach(missing::add);

        assertThat(missing).isEmpty();
    }

    /** Sentences alone: tables and code are looked things up in. */
    private static String prose(String half) {
        return withoutCode(half)
                .lines()
                .filter(line -> !line.startsWith("|") && !line.startsWith("["))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void each_half_of_the_readme_reads_in_three_minutes() throws IOException {
        String readme = Files.readString(README);
        String english = prose(readme.substring(0, readme.indexOf(CHINESE)));
        String chinese = prose(readme.substring(readme.indexOf(CHINESE)));

        assertThat(english.split("\\s+").length).isLessThanOrEqualTo(MOST_WORDS);
        assertThat(chinese.chars().filter(c -> c >= 0x4e00 && c <= 0x9fff).count())
                .isLessThanOrEqualTo(MOST_CHARACTERS);
    }

    @Test
    void pictures_are_small_and_there_for_both_languages() throws IOException {
        String readme = Files.readString(README);
        for (String language : List.of("en", "zh")) {
            Path picture = PAGES.resolve("report-" + language + ".png");

            assertThat(readme).contains("(src/docs/" + picture.getFileName() + ")");
            assertThat(Files.size(picture)).isBetween(10_000L, (long) LARGEST_PICTURE_BYTES);
        }
    }
}
