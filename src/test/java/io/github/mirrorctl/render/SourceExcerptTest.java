package io.github.mirrorctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceExcerptTest {

    private static SourceExcerpt excerpt(String line, int column, int columns) {
        return SourceExcerpt.of(new Problem.Place("f", 1, column, line).spot(), columns);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "\"a\": 1，|7|\"a\": 1，|      ^",
                "\"镜像\": 1，|8|\"镜像\": 1，|         ^",
                "`\t\"a\": 1,`|8|`    \"a\": 1,`|`          ^`",
                "`\"镜\t像\"，`|6|`\"镜 像\"，`|`       ^`",
                "\"😀\",,|5|\"😀\",,|     ^",
                "\"e\u0301\",,|6|\"e\u0301\",,|    ^",
                "\"a\"|4|\"a\"|   ^",
            })
    void points_at_the_character_as_a_terminal_shows_it(String line, int column, String shown, String mark) {
        assertThat(excerpt(line, column, 80)).isEqualTo(new SourceExcerpt(shown, mark));
    }

    @Test
    void shows_of_a_long_line_what_stands_around_the_place() {
        String line = "0123456789".repeat(10);

        assertThat(excerpt(line, 3, 30)).isEqualTo(new SourceExcerpt("01234567890123456789012...", "  ^"));
        assertThat(excerpt(line, 51, 30))
                .isEqualTo(new SourceExcerpt("...56789012345678901234567...", " ".repeat(18) + "^"));
        assertThat(excerpt(line, 100, 30)).isEqualTo(new SourceExcerpt("...4567890123456789", " ".repeat(18) + "^"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "像", "\t", "😀", "\u0301"})
    @Timeout(30)
    void takes_no_longer_for_a_line_of_any_length(String character) {
        String half = character.repeat(1_000_000);

        SourceExcerpt excerpt = excerpt(half + "," + half, 1_000_001, 80);

        assertThat(excerpt.line()).startsWith("...").contains(",").endsWith("...");
        assertThat(excerpt.mark().length()).isLessThan(80);
        assertThat(excerpt.mark().length() - 1)
                .isEqualTo(DisplayWidth.of(
                        excerpt.line().substring(0, excerpt.line().indexOf(','))));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 38, 40, 77, 80})
    void never_reaches_the_edge_of_the_terminal(int columns) {
        String line = "  \"registry-mirrors\": [“https://镜像加速器.example”, \"https://b.example\"], // 很长的注释 ".repeat(3);

        for (int column = 1; column <= line.length() + 1; column++) {
            SourceExcerpt excerpt = excerpt(line, column, columns);

            assertThat(DisplayWidth.of(excerpt.line())).isLessThan(columns);
            assertThat(excerpt.mark().length()).isLessThanOrEqualTo(columns);
        }
    }

    @Test
    void lets_nothing_through_that_moves_the_cursor() {
        assertThat(excerpt("\u001b[2Ja,", 6, 80).line()).isEqualTo("?[2Ja,");
    }
}
