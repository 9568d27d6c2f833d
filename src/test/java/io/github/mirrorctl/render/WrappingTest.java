package io.github.mirrorctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class WrappingTest {
    @Test
    void what_fits_stays_as_it_is() {
        assertThat(Wrapping.lines("error: one two", 14)).containsExactly("error: one two");
    }

    @Test
    void english_breaks_between_words_and_hangs() {
        assertThat(Wrapping.lines("warning: the daemon has not taken the mirrors", 20))
                .containsExactly("warning: the daemon", "  has not taken the", "  mirrors");
    }

    @Test
    void chinese_breaks_between_characters_and_never_before_a_mark() {
        assertThat(Wrapping.lines("守护进程没有用上文件里的加速器，请重新加载。", 20)).containsExactly("守护进程没有用上文件", "  里的加速器，请重新", "  加载。");
        assertThat(Wrapping.lines("一二三四五六七八九十，一", 20)).containsExactly("一二三四五六七八九", "  十，一");
        assertThat(Wrapping.lines("一二三四五六七八九（一）", 20)).containsExactly("一二三四五六七八九", "  （一）");
        assertThat(Wrapping.lines("一二三四五六七八 3 个", 20)).containsExactly("一二三四五六七八", "  3 个");
    }

    @Test
    void a_command_is_never_broken() {
        assertThat(Wrapping.lines(
                        "To write them: sudo mirrorctl apply --no-probe https://a.example https://b.example", 30))
                .containsExactly(
                        "To write them:", "  sudo mirrorctl apply --no-probe https://a.example https://b.example");
        assertThat(Wrapping.lines("Run \"mirrorctl apply --repair\" (with --dry-run to see it first).", 24))
                .containsExactly("Run", "  \"mirrorctl apply --repair\"", "  (with --dry-run to see", "  it first).");
        assertThat(Wrapping.lines("Try: docker info | mirrorctl check --docker-info -", 30))
                .containsExactly("Try:", "  docker info | mirrorctl check --docker-info -");
        assertThat(Wrapping.lines("备份：/etc/docker/daemon.json.bak（撤销：mirrorctl restore --root /tmp/try）", 30))
                .containsExactly(
                        "备份：", "  /etc/docker/daemon.json.bak", "  （撤销：", "  mirrorctl restore --root /tmp/try）");
    }

    @Test
    void all_lines_keep_the_blanks_of_the_first() {
        assertThat(Wrapping.lines("    one two three", 12)).containsExactly("    one two", "      three");
        assertThat(Wrapping.block("    one two three", 12)).containsExactly("    one two", "    three");
    }

    static Stream<Locale> languages() {
        return Stream.of(Locale.ENGLISH, Locale.CHINESE);
    }

    /** Only what holds no place to break at may be wider, and nothing is lost. */
    @ParameterizedTest
    @MethodSource("languages")
    void every_sentence_fits_into_forty_columns(Locale language) {
        Messages messages = Messages.of(language);
        List<String> tooWide = new ArrayList<>();
        for (String key : messages.bundle().keySet()) {
            if (key.startsWith("problem.") || key.startsWith("fault.") || key.startsWith("reason.")) {
                String sentence = messages.text(key, "one", "two", "three", "four", "five");
                List<String> lines = Wrapping.lines(sentence, 40);

                assertThat(String.join("", lines).replace(" ", "")).isEqualTo(sentence.replace(" ", ""));
                lines.stream()
                        .filter(line ->
                                DisplayWidth.of(line) > 40 && line.strip().matches(".*[ \u4e00-\u9fff].*"))
                        .filter(line -> !line.contains("mirrorctl ") && !line.contains("sudo "))
                        .forEach(tooWide::add);
            }
        }

        assertThat(tooWide).isEmpty();
    }
}
