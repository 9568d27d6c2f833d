package io.github.mirrorctl.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A word of a command line, made of the pieces of the file that spell it.
 *
 * @param pieces one for each character that the program receives
 * @param from the index of its first piece, or of the quote before that, in the list that was split
 * @param to the index behind its last piece or quote there
 */
record Word(List<Piece> pieces, int from, int to) {

    Word {
        pieces = List.copyOf(pieces);
    }

    /** Where it begins in the file. Not for a word without pieces. */
    int start() {
        return pieces.get(0).start();
    }

    /** What the program receives, each variable shown as {@code $}. */
    String text() {
        return pieces.stream().map(piece -> String.valueOf(piece.character())).collect(Collectors.joining());
    }

    boolean hasExpansion() {
        return pieces.stream().anyMatch(Piece::isExpansion);
    }

    /** The word without its first characters. */
    Word after(int characters) {
        return new Word(pieces.subList(characters, pieces.size()), from, to);
    }

    /** Splits at white space alone, as a shell does with a variable that is not quoted: quotes inside mean nothing. */
    static List<Word> splitAtBlanks(List<Piece> pieces) {
        List<Word> words = new ArrayList<>();
        int at = skipGap(pieces, 0);
        while (at < pieces.size()) {
            int from = at;
            while (at < pieces.size() && !pieces.get(at).isBlank()) {
                at++;
            }
            List<Piece> word = pieces.subList(from, at).stream()
                    .filter(piece -> piece.kind() != Piece.Kind.JOIN)
                    .toList();
            words.add(new Word(word, from, at));
            at = skipGap(pieces, at);
        }
        return words;
    }

    /**
     * Splits as systemd does with a line of a unit: quotes anywhere in a word hold it together and are removed, and a
     * backslash escapes as in C
     * (<a href="https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html">systemd.syntax(7)</a>,
     * "Quoting").
     */
    static List<Word> splitAsSystemd(List<Piece> pieces) {
        return splitAsSystemd(pieces, true);
    }

    /**
     * Splits as systemd does with a variable that is a word of the command line: as a line, but a backslash leaves the
     * character behind it as it is ({@code replace_env_argv} in systemd's {@code src/basic/env-util.c} splits without
     * {@code EXTRACT_CUNESCAPE}).
     */
    static List<Word> splitAsSystemdVariable(List<Piece> pieces) {
        return splitAsSystemd(pieces, false);
    }

    private static List<Word> splitAsSystemd(List<Piece> pieces, boolean escapesAsC) {
        List<Word> words = new ArrayList<>();
        int at = skipGap(pieces, 0);
        while (at < pieces.size()) {
            Word word = systemdWord(pieces, at, escapesAsC);
            words.add(word);
            at = skipGap(pieces, word.to());
        }
        return words;
    }

    private static Word systemdWord(List<Piece> pieces, int from, boolean escapesAsC) {
        List<Piece> word = new ArrayList<>();
        char quote = 0;
        int at = from;
        while (at < pieces.size() && (quote != 0 || !pieces.get(at).isBlank())) {
            Piece piece = pieces.get(at);
            char c = piece.character();
            boolean turns = quote == 0 ? c == '"' || c == '\'' : c == quote;
            if (turns) {
                quote = quote == 0 ? c : 0;
            } else if (c == '\\' && at + 1 < pieces.size()) {
                at++;
                word.add(unescaped(piece, pieces.get(at), escapesAsC));
            } else if (piece.kind() != Piece.Kind.JOIN) {
                word.add(piece);
            }
            at++;
        }
        return new Word(word, from, at);
    }

    private static Piece unescaped(Piece backslash, Piece escaped, boolean asC) {
        char c =
                switch (asC ? escaped.character() : 0) {
                    case 's' -> ' ';
                    case 't' -> '\t';
                    case 'n' -> '\n';
                    default -> escaped.character();
                };
        return Piece.character(c, backslash.start(), escaped.end(), backslash.quote());
    }

    private static int skipGap(List<Piece> pieces, int from) {
        int at = from;
        while (at < pieces.size() && pieces.get(at).isGap()) {
            at++;
        }
        return at;
    }
}
