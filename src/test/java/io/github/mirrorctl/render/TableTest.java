package io.github.mirrorctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TableTest {
    @ParameterizedTest
    @CsvSource({"abc,3", "镜像,4", "（镜）,6", "é,1", "e\u0301,1", "😀,2", "ａ,2", "'',0"})
    void counts_the_columns_a_terminal_takes(String text, int width) {
        assertThat(DisplayWidth.of(text)).isEqualTo(width);
    }

    @Test
    void lines_up_chinese_and_latin_cells() {
        Table table = new Table("名称", "X").row("DaoCloud", "1").row("清华大学", "2");

        assertThat(table.fitted(80, head -> head).lines()).containsExactly("名称      X", "DaoCloud  1", "清华大学  2");
    }

    @Test
    void is_separated_by_tabs_for_scripts() {
        Table table = new Table("A", "B").row("x\ty", "line\nline");

        assertThat(table.plain()).containsExactly("x y\tline line");
    }

    /** Takes 27 columns. */
    private static final Table NARROWING = new Table(List.of(
                    Table.Column.of("#"),
                    Table.Column.of("MIRROR").shorteningAt(3),
                    Table.Column.of("T").leavingAt(1),
                    Table.Column.of("OPERATOR").leavingAt(2)))
            .row(List.of(
                    Table.Cell.of("1"),
                    Table.Cell.of("https://a.b").shortenedTo("a.b"),
                    Table.Cell.of("2"),
                    Table.Cell.of("清华大学")));

    @ParameterizedTest
    @CsvSource({
        "27, '1  https://a.b  2  清华大学'",
        "26, '1  https://a.b  清华大学'",
        "24, '1  https://a.b  清华大学'",
        "23, '1  https://a.b  2'",
        "17, '1  https://a.b  2'",
        "16, '1  https://a.b'",
        "13, '1  a.b  2'",
        "8, '1  a.b'",
        "1, '1  a.b'"
    })
    void gives_way_column_by_column_and_cuts_nothing(int width, String row) {
        assertThat(NARROWING.fitted(width, head -> head).lines().get(1)).isEqualTo(row);
    }

    @Test
    void says_what_had_to_go() {
        assertThat(NARROWING.fitted(23, head -> head).gone()).containsExactly("OPERATOR");
        assertThat(NARROWING.fitted(80, head -> head).gone()).isEmpty();
    }

    @Test
    void lines_up_what_is_painted() {
        Table table = new Table("A", "B")
                .row(List.of(Table.Cell.of("可用").painted(Palette.COLOUR::good), Table.Cell.of("1")))
                .row(List.of(Table.Cell.of("longer"), Table.Cell.of("2")));

        assertThat(table.fitted(80, head -> head).lines())
                .containsExactly("A       B", "\u001b[32m可用\u001b[0m    1", "longer  2");
    }

    @Test
    void has_no_head_that_is_wider_than_the_brief_form() {
        Table table = new Table(List.of(Table.Column.of("VERDICT").shorteningAt(1), Table.Column.of("B")))
                .row(List.of(Table.Cell.of("+ ready").shortenedTo("+"), Table.Cell.of("1")));

        assertThat(table.fitted(5, head -> head).lines()).containsExactly("   B", "+  1");
    }
}
