package io.github.mirrorctl.daemon;

import java.util.ArrayList;
import java.util.List;

/**
 * The difference of two texts in the form of {@code diff -u}, as one hunk: what an edit of ours changes lies together.
 */
public final class UnifiedDiff {
    private static final int CONTEXT = 3;
    private static final String NO_NEWLINE = "\\ No newline at end of file";

    private UnifiedDiff() {}

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
        List<String> old = lines(before);
        List<String> changed = lines(after);
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
        int start = Math.max(0, same - CONTEXT);
        int context = Math.min(CONTEXT, tail);
        StringBuilder diff = new StringBuilder();
        diff.append("--- ").append(existed ? file : "/dev/null").append('\n');
        diff.append("+++ ").append(file).append('\n');
        diff.append("@@ -").append(range(start, old.size() - tail + context));
        diff.append(" +").append(range(start, changed.size() - tail + context)).append(" @@\n");
        append(diff, ' ', old.subList(start, same));
        append(diff, '-', old.subList(same, old.size() - tail));
        append(diff, '+', changed.subList(same, changed.size() - tail));
        append(diff, ' ', old.subList(old.size() - tail, old.size() - tail + context));
        return diff.toString();
    }

    private static String range(int start, int end) {
        int length = end - start;
        return (length == 0 ? start : start + 1) + "," + length;
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

    private static void append(StringBuilder diff, char mark, List<String> lines) {
        for (String line : lines) {
            diff.append(mark).append(line);
            if (!line.endsWith("\n")) {
                diff.append('\n').append(NO_NEWLINE).append('\n');
            }
        }
    }
}
