package io.github.mirrorctl.render;

import static org.assertj.core.api.Assertions.assertThat;

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

        assertThat(table.aligned()).containsExactly("名称      X", "DaoCloud  1", "清华大学  2");
    }

    @Test
    void is_separated_by_tabs_for_scripts() {
        Table table = new Table("A", "B").row("x\ty", "line\nline");

        assertThat(table.plain()).containsExactly("x y\tline line");
    }
}
