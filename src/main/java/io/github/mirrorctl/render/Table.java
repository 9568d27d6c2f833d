package io.github.mirrorctl.render;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns that line up on a terminal, whatever their script. The last column is never padded. */
final class Table {
    private static final String GAP = "  ";

    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        this.head = List.of(head);
    }

    Table row(String... cells) {
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(Messages.cleaned(cell).replace('\n', ' '));
        }
        rows.add(List.copyOf(row));
        return this;
    }

    /** With a head and aligned columns. */
    List<String> aligned() {
        int[] widths = new int[head.size()];
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(i == 0 ? "" : GAP).append(DisplayWidth.pad(row.get(i), widths[i]));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** Separated by tabs and without a head, for scripts. */
    List<String> plain() {
        return rows.stream()
                .map(row -> String.join(
                        "\t", row.stream().map(cell -> cell.replace('\t', ' ')).toList()))
                .toList();
    }
}
