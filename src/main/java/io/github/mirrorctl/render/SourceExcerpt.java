package io.github.mirrorctl.render;

import io.github.mirrorctl.fault.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a file and a mark below one of its characters, in the columns of a terminal. Of a line that is too long, what
 * stands around the character.
 *
 * @param line with blanks for tabs and {@code ?} for what could move the cursor
 * @param mark blanks and a caret
 */
record SourceExcerpt(String line, String mark) {
    private static final int TAB = 4;
    private static final String CUT = "...";

    /** A character as it is shown, and the columns that it takes. */
    private record Cell(String text, int width) {}

    /** @param columns how many the line may take, at least 20 */
    static SourceExcerpt of(Problem.Place place, int columns) {
        List<Cell> cells = cells(place.text());
        int marked = Math.min(place.column() - 1, cells.size());
        int from = 0;
        int to = cells.size();
        if (width(cells, 0, to) >= columns) {
            int room = columns - 1 - 2 * CUT.length();
            while (width(cells, from, marked) > room * 2 / 3) {
                from++;
            }
            while (width(cells, from, to) > room) {
                to--;
            }
        }
        String head = from > 0 ? CUT : "";
        String tail = to < cells.size() ? CUT : "";
        StringBuilder line = new StringBuilder(head);
        cells.subList(from, to).forEach(cell -> line.append(cell.text()));
        String mark = " ".repeat(head.length() + width(cells, from, marked)) + "^";
        return new SourceExcerpt(line.append(tail).toString(), mark);
    }

    private static List<Cell> cells(String text) {
        List<Cell> cells = new ArrayList<>();
        int column = 0;
        for (int c : text.codePoints().toArray()) {
            String shown = c == '\t' ? " ".repeat(TAB - column % TAB) : Messages.cleaned(Character.toString(c));
            Cell cell = new Cell(shown, DisplayWidth.of(shown));
            cells.add(cell);
            column += cell.width();
        }
        return cells;
    }

    private static int width(List<Cell> cells, int from, int to) {
        return cells.subList(from, to).stream().mapToInt(Cell::width).sum();
    }
}
