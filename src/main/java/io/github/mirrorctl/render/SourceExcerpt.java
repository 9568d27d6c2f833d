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
    /** So many are looked at for each column: a pair of surrogates, and some that take none. */
    private static final int CHARACTERS_PER_COLUMN = 4;

    /** A character as it is shown, and the columns that it takes. */
    private record Cell(String text, int width) {}

    /** @param columns how many the line may take, at least 20 */
    static SourceExcerpt of(Problem.Spot spot, int columns) {
        String text = spot.text();
        int reach = columns * CHARACTERS_PER_COLUMN;
        int start = characterAt(text, Math.max(spot.lineStart(), spot.at() - reach));
        int end = characterAt(text, Math.min(spot.lineEnd(), spot.at() + reach));
        List<Cell> cells = cells(text.substring(start, end));
        int marked = text.codePointCount(start, spot.at());
        boolean isWhole = start == spot.lineStart() && end == spot.lineEnd();
        int before = width(cells.subList(0, marked));
        int behind = width(cells.subList(marked, cells.size()));
        int from = 0;
        int to = cells.size();
        if (!isWhole || before + behind >= columns) {
            int room = columns - 1 - 2 * CUT.length();
            while (before > room * 2 / 3) {
                before -= cells.get(from++).width();
            }
            while (before + behind > room) {
                behind -= cells.get(--to).width();
            }
        }
        String head = from > 0 || start > spot.lineStart() ? CUT : "";
        String tail = to < cells.size() || end < spot.lineEnd() ? CUT : "";
        StringBuilder line = new StringBuilder(head);
        cells.subList(from, to).forEach(cell -> line.append(cell.text()));
        return new SourceExcerpt(line.append(tail).toString(), " ".repeat(head.length() + before) + "^");
    }

    /** Where the character begins that this place is in. */
    private static int characterAt(String text, int at) {
        boolean isInside =
                at > 0 && at < text.length() && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
        return isInside ? at - 1 : at;
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

    private static int width(List<Cell> cells) {
        return cells.stream().mapToInt(Cell::width).sum();
    }
}
