package io.github.mirrorctl.daemon;

import java.util.ArrayList;
import java.util.List;

/** The difference of two texts in the form of {@code diff -u}. */
public final class UnifiedDiff {
    private static final int CONTEXT = 3;
    private static final String NO_NEWLINE = "\\ No newline at end of file";
    /** Above this many pairs of lines, all lines between the first and the last change are shown as changed. */
    private static final long MOST_PAIRS = 4_000_000;

    private final List<String> old;
    private final List<String> changed;
    private final List<Line> script = new ArrayList<>();

    /** A line of either text: {@code ' '} of both, {@code '-'} of the old one alone, {@code '+'} of the new one alone. */
    private record Line(char mark, String text) {
        boolean isOf(char side) {
            return mark == ' ' || mark == side;
        }
    }

    private UnifiedDiff(String before, String after) {
        this.old = lines(before);
        this.changed = lines(after);
    }

    /**
     * The diff; empty where the texts are the same.
     *
     * @param file stands in both heads; the one of a missing file is {@code /dev/null}
     * @param existed whether there was a file before
     */
    public static String of(String file, boolean existed, String before, String after) {
        if (before.equals(after)) {
            return "";
        }
        UnifiedDiff diff = new UnifiedDiff(before, after);
        diff.compare();
        return "--- " + (existed ? file : "/dev/null") + "\n+++ " + file + "\n" + diff.hunks();
    }

    private void compare() {
        int same = 0;
        while (same < old.size() && same < changed.size() && old.get(same).equals(changed.get(same))) {
            same++;
        }
        int tail = 0;
        while (tail < old.size() - same
                && tail < changed.size() - same
                && old.get(old.size() - 1 - tail).equals(changed.get(changed.size() - 1 - tail))) {
            tail++;
        }
        add(' ', old.subList(0, same));
        compareMiddle(old.subList(same, old.size() - tail), changed.subList(same, changed.size() - tail));
        add(' ', old.subList(old.size() - tail, old.size()));
    }

    private void add(char mark, List<String> lines) {
        lines.forEach(line -> script.add(new Line(mark, line)));
    }

    private void compareMiddle(List<String> before, List<String> after) {
        if ((long) before.size() * after.size() > MOST_PAIRS) {
            add('-', before);
            add('+', after);
            return;
        }
        int[][] common = longestCommon(before, after);
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                script.add(new Line(' ', before.get(i)));
                i++;
                j++;
            } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                script.add(new Line('-', before.get(i)));
                i++;
            } else {
                script.add(new Line('+', after.get(j)));
                j++;
            }
        }
    }

    /** How many lines the rests from each pair of places on have in common, in the same order. */
    private static int[][] longestCommon(List<String> before, List<String> after) {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private String hunks() {
        StringBuilder hunks = new StringBuilder();
        int first = nextChange(0);
        while (first < script.size()) {
            int last = first;
            int next = nextChange(last + 1);
            while (next < script.size() && next - last <= 2 * CONTEXT + 1) {
                last = next;
                next = nextChange(last + 1);
            }
            appendHunk(Math.max(0, first - CONTEXT), Math.min(script.size(), last + 1 + CONTEXT), hunks);
            first = next;
        }
        return hunks.toString();
    }

    private int nextChange(int from) {
        int at = from;
        while (at < script.size() && script.get(at).mark() == ' ') {
            at++;
        }
        return at;
    }

    private void appendHunk(int start, int end, StringBuilder hunks) {
        hunks.append("@@ -").append(range('-', start, end));
        hunks.append(" +").append(range('+', start, end)).append(" @@\n");
        for (Line line : script.subList(start, end)) {
            hunks.append(line.mark()).append(line.text());
            if (!line.text().endsWith("\n")) {
                hunks.append('\n').append(NO_NEWLINE).append('\n');
            }
        }
    }

    private String range(char side, int start, int end) {
        long before = script.subList(0, start).stream()
                .filter(line -> line.isOf(side))
                .count();
        long length = script.subList(start, end).stream()
                .filter(line -> line.isOf(side))
                .count();
        return (length == 0 ? before : before + 1) + "," + length;
    }

    /** Lines with their ends, so that a missing last one is a difference. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            lines.add(text.substring(start, end + 1));
            start = end + 1;
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }
}
