package io.github.mirrorctl.render;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Sentences in lines that fit a terminal: broken between words, in Chinese between characters where no mark forbids it. A
 * command that one may paste stays on one line, however long, since a shell would run its first half alone.
 */
public final class Wrapping {
    private static final int HANG = 2;

    /** Apart, since most texts fit and a start is to be short. */
    private static final class Patterns {
        static final String WORD = "[^\\s\"”'(（）)；;，。]";
        /** From {@code sudo}, or from our name before a word of ours, to a mark or the end. */
        static final Pattern COMMAND = Pattern.compile(
                "(?:sudo [a-z]|(?:docker info \\| )?[\\w./~-]*\\bmirrorctl (?:list|probe|apply|check|restore|"
                        + "catalog|completion|help|--?[a-z]))" + WORD + "*(?: " + WORD + "+)*");

        static final String IDEOGRAPH = "\\u3400-\\u9fff";
        static final String OPENING = "（《“【";
        static final String CLOSING = "、，；：。！？）》”】";

        /** Behind a blank, unless a unit or a measure word follows; behind a full-width mark; between ideographs; before a full-width bracket. */
        static final Pattern BREAK = Pattern.compile("(?<=[^ ] )(?![ 个秒次层]|(?:ms|s)\\b)"
                + "|(?<=[" + CLOSING + "])(?![" + CLOSING + "])"
                + "|(?<=[" + IDEOGRAPH + "])(?=[" + IDEOGRAPH + "])"
                + "|(?<=[^\\s" + OPENING + "])(?=[" + OPENING + "])");
    }

    private Wrapping() {}

    /**
     * The text in lines of at most so many columns; what follows the first hangs below it. A word that is wider than a line
     * stays whole.
     *
     * @param text may begin with blanks, which all lines keep
     */
    public static List<String> lines(String text, int columns) {
        return lines(text, columns, HANG);
    }

    /** The same, but all lines begin below the first. */
    public static List<String> block(String text, int columns) {
        return lines(text, columns, 0);
    }

    /** Whether a line needs no more than so many columns. */
    public static boolean fits(String line, int columns) {
        return DisplayWidth.of(line) <= columns;
    }

    private static List<String> lines(String text, int columns, int hang) {
        List<String> lines = new ArrayList<>();
        text.lines().forEach(line -> fill(lines, line, columns, hang));
        return lines;
    }

    private static void fill(List<String> lines, String text, int columns, int hang) {
        if (fits(text, columns)) {
            lines.add(text);
            return;
        }
        String body = text.stripLeading();
        int indent = text.length() - body.length();
        StringBuilder line = new StringBuilder(" ".repeat(indent));
        boolean isEmpty = true;
        for (String word : words(body)) {
            boolean fits = DisplayWidth.of(line.toString()) + DisplayWidth.of(word.stripTrailing()) <= columns;
            if (!isEmpty && !fits) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(Math.min(indent + hang, columns / 2)));
            }
            line.append(word);
            isEmpty = false;
        }
        lines.add(line.toString().stripTrailing());
    }

    /** What may stand on a line of its own, with the blanks behind it. */
    private static List<String> words(String text) {
        BitSet insideCommand = new BitSet();
        Patterns.COMMAND
                .matcher(text)
                .results()
                .forEach(command -> insideCommand.set(command.start() + 1, command.end()));
        List<String> words = new ArrayList<>();
        int from = 0;
        for (int at : Patterns.BREAK
                .matcher(text)
                .results()
                .mapToInt(MatchResult::start)
                .toArray()) {
            if (at < text.length() && !insideCommand.get(at)) {
                words.add(text.substring(from, at));
                from = at;
            }
        }
        words.add(text.substring(from));
        return words;
    }
}
