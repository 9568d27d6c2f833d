package io.github.mirrorctl.render;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Rows in columns that line up on a terminal, whatever their script. Where the terminal is too narrow for all of them,
 * columns give way in the order that they say; nothing is ever cut off, and no row is wrapped while one can still give way.
 */
final class Table {
    private static final String GAP = "  ";
    private static final int NEVER = Integer.MAX_VALUE;

    /**
     * A column.
     *
     * @param shortensAt its turn to show its brief form, among all that give way; the lowest is the first
     * @param leavesAt its turn to go altogether
     */
    record Column(String head, int shortensAt, int leavesAt) {
        static Column of(String head) {
            return new Column(head, NEVER, NEVER);
        }

        Column leavingAt(int turn) {
            return new Column(head, shortensAt, turn);
        }

        Column shorteningAt(int turn) {
            return new Column(head, turn, leavesAt);
        }
    }

    private enum State {
        FULL,
        BRIEF,
        GONE
    }

    /**
     * What stands in a column of a row.
     *
     * @param brief its form where there is no room for the whole
     * @param paint gives either its colour
     */
    record Cell(String text, String brief, UnaryOperator<String> paint) {
        Cell {
            String whole = onOneLine(text);
            brief = brief.equals(text) ? whole : onOneLine(brief);
            text = whole;
        }

        static Cell of(String text) {
            return new Cell(text, text, UnaryOperator.identity());
        }

        /** An address; its brief form means the same on our command line. */
        static Cell ofUrl(String url) {
            return of(url).shortenedTo(url.startsWith("https://") ? url.substring("https://".length()) : url);
        }

        Cell shortenedTo(String shorter) {
            return new Cell(text, shorter, paint);
        }

        Cell painted(UnaryOperator<String> colour) {
            return new Cell(text, brief, colour);
        }

        private static String onOneLine(String text) {
            return Messages.cleaned(text).replace('\n', ' ');
        }

        private boolean isShortened() {
            return !brief.equals(text);
        }

        private String in(State state) {
            return state == State.BRIEF ? brief : text;
        }

        private String padded(State state, int width) {
            String shown = in(state);
            return (shown.isEmpty() ? "" : paint.apply(shown))
                    + " ".repeat(Math.max(0, width - DisplayWidth.of(shown)));
        }
    }

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    Table(String... heads) {
        this(Arrays.stream(heads).map(Column::of).toList());
    }

    Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    Table row(String... cells) {
        return row(Arrays.stream(cells).map(Cell::of).toList());
    }

    Table row(List<Cell> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    /**
     * The lines as they fit.
     *
     * @param lines the head first
     * @param gone the heads of the columns that had to go
     */
    record Fitted(List<String> lines, Set<String> gone) {
        Fitted {
            lines = List.copyOf(lines);
            gone = Set.copyOf(gone);
        }
    }

    /**
     * With a head and aligned columns, not wider than that as far as the columns give way.
     *
     * @param ofHead gives the head its colour
     */
    Fitted fitted(int width, UnaryOperator<String> ofHead) {
        List<Widths> widthsOfColumns = widths();
        List<State> states = statesAt(width, widthsOfColumns);
        int[] widths = new int[states.size()];
        List<Cell> head = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            widths[i] = widthsOfColumns.get(i).in(states.get(i));
            String name = columns.get(i).head();
            head.add(Cell.of(name).shortenedTo(DisplayWidth.of(name) <= widths[i] ? name : ""));
        }
        List<String> lines = new ArrayList<>();
        lines.add(ofHead.apply(line(head, states, widths)));
        rows.forEach(row -> lines.add(line(row, states, widths)));
        Set<String> gone = new HashSet<>();
        for (int i = 0; i < states.size(); i++) {
            if (states.get(i) == State.GONE) {
                gone.add(columns.get(i).head());
            }
        }
        return new Fitted(lines, gone);
    }

    /** Columns give way until all fits; then those that went early come back into the room that a later one left. */
    private List<State> statesAt(int width, List<Widths> widths) {
        List<State> states = new ArrayList<>(Collections.nCopies(columns.size(), State.FULL));
        List<Concession> made = new ArrayList<>();
        for (Concession next : concessions()) {
            if (width(states, widths) <= width) {
                break;
            }
            states.set(next.column(), next.state());
            made.add(0, next);
        }
        for (Concession taken : made) {
            State now = states.set(taken.column(), State.FULL);
            if (width(states, widths) > width) {
                states.set(taken.column(), now);
            }
        }
        return states;
    }

    /** One step of one column towards a narrower table. */
    private record Concession(int turn, int column, State state) {}

    private List<Concession> concessions() {
        List<Concession> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            all.add(new Concession(column.shortensAt(), i, State.BRIEF));
            all.add(new Concession(column.leavesAt(), i, State.GONE));
        }
        return all.stream()
                .filter(concession -> concession.turn() != NEVER)
                .sorted(Comparator.comparingInt(Concession::turn))
                .toList();
    }

    private static int width(List<State> states, List<Widths> widths) {
        int width = 0;
        for (int i = 0; i < states.size(); i++) {
            if (states.get(i) != State.GONE) {
                width += (width == 0 ? 0 : GAP.length()) + widths.get(i).in(states.get(i));
            }
        }
        return width;
    }

    /** Of a column. */
    private record Widths(int full, int brief) {
        int in(State state) {
            return state == State.BRIEF ? brief : full;
        }
    }

    /** Of all columns, so that a cell is measured once. */
    private List<Widths> widths() {
        List<Widths> widths = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int full = DisplayWidth.of(columns.get(i).head());
            int brief = 0;
            for (List<Cell> row : rows) {
                Cell cell = row.get(i);
                int width = DisplayWidth.of(cell.text());
                full = Math.max(full, width);
                brief = Math.max(brief, cell.isShortened() ? DisplayWidth.of(cell.brief()) : width);
            }
            widths.add(new Widths(full, brief));
        }
        return widths;
    }

    private static String line(List<Cell> cells, List<State> states, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < states.size(); i++) {
            if (states.get(i) != State.GONE) {
                line.append(line.isEmpty() ? "" : GAP).append(cells.get(i).padded(states.get(i), widths[i]));
            }
        }
        return line.toString().stripTrailing();
    }

    /** Separated by tabs and without a head, for scripts. */
    List<String> plain() {
        return rows.stream()
                .map(row -> String.join(
                        "\t",
                        row.stream().map(cell -> cell.text().replace('\t', ' ')).toList()))
                .toList();
    }
}
