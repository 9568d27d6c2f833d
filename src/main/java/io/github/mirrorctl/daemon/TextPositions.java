package io.github.mirrorctl.daemon;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines and columns of a text. It is gone through once, and only where somebody asks: a line can be as long as its file
 * and a place be asked for at each of its characters. Not safe to be used by several threads.
 */
final class TextPositions {
    /** How many chars lie between two places whose characters are counted in advance. */
    private static final int STEP = 1024;

    private final String text;

    /** Where the lines begin. */
    private int @Nullable [] starts;

    /** How many characters stand before every {@link #STEP}th char. */
    private int @Nullable [] counts;

    TextPositions(String text) {
        this.text = text;
    }

    /** Counted from 1. */
    int line(int offset) {
        int found = Arrays.binarySearch(starts(), offset);
        return found < 0 ? -found - 1 : found + 1;
    }

    int lineStart(int offset) {
        return starts()[line(offset) - 1];
    }

    /** Before the line feed, or the end of the text. */
    int lineEnd(int offset) {
        int next = line(offset);
        return next < starts().length ? starts()[next] - 1 : text.length();
    }

    /** How many characters stand between two places, pairs of surrogates counted once. */
    int characters(int from, int to) {
        return charactersBefore(to) - charactersBefore(from);
    }

    private int charactersBefore(int offset) {
        int step = offset / STEP;
        return counts()[step] + begun(step * STEP, offset);
    }

    /** How many characters begin in a span. */
    private int begun(int from, int to) {
        int begun = 0;
        for (int i = from; i < to; i++) {
            boolean isSecond = i > 0 && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
            begun += isSecond ? 0 : 1;
        }
        return begun;
    }

    private int[] starts() {
        int[] known = starts;
        if (known == null) {
            known = IntStream.concat(
                            IntStream.of(0),
                            IntStream.range(0, text.length())
                                    .filter(i -> text.charAt(i) == '\n')
                                    .map(i -> i + 1))
                    .toArray();
            starts = known;
        }
        return known;
    }

    private int[] counts() {
        int[] known = counts;
        if (known == null) {
            known = new int[text.length() / STEP + 1];
            for (int i = 1; i < known.length; i++) {
                known[i] = known[i - 1] + begun((i - 1) * STEP, i * STEP);
            }
            counts = known;
        }
        return known;
    }
}
