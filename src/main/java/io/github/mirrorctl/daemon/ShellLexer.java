package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Cuts a shell file into its tokens by the rules of
 * <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_03">POSIX, Shell Command
 * Language, 2.2 and 2.3</a>. It runs and expands nothing.
 */
final class ShellLexer {
    private static final Pattern EXPANSION = Pattern.compile("\\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])");
    private static final String OPERATORS = ";&|()<>";

    private final SourceText source;
    private final String text;

    ShellLexer(SourceText source) {
        this.source = source;
        this.text = source.text();
    }

    enum TokenKind {
        WORD,
        OPERATOR,
        LINE_BREAK,
        COMMENT
    }

    /** A token; only a word has pieces, and a closing quote where one stands at its very end. */
    record Token(TokenKind kind, int start, int end, List<Piece> pieces, Piece.Quote closed) {
        Token {
            pieces = List.copyOf(pieces);
        }

        static Token plain(TokenKind kind, int start, int end) {
            return new Token(kind, start, end, List.of(), Piece.Quote.NONE);
        }
    }

    /**
     * All tokens of the file.
     *
     * @throws Fault where a quote is never closed
     */
    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int join = joinEnd(at);
            if (c == ' ' || c == '\t') {
                at++;
            } else if (join > at) {
                at = join;
            } else {
                Token token = token(at, tokens);
                tokens.add(token);
                at = token.end();
            }
        }
        return tokens;
    }

    private Token token(int at, List<Token> before) {
        char c = text.charAt(at);
        if (c == '\n' || text.startsWith("\r\n", at)) {
            return Token.plain(TokenKind.LINE_BREAK, at, c == '\n' ? at + 1 : at + 2);
        }
        if (c == '#') {
            return Token.plain(TokenKind.COMMENT, at, source.lineEnd(at));
        }
        if (OPERATORS.indexOf(c) >= 0) {
            boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c && c != '(' && c != ')';
            return Token.plain(TokenKind.OPERATOR, at, doubled ? at + 2 : at + 1);
        }
        return word(at, before);
    }

    private Token word(int start, List<Token> before) {
        List<Piece> pieces = new ArrayList<>();
        Piece.Quote closed = Piece.Quote.NONE;
        int at = start;
        while (at < text.length() && !endsWord(at)) {
            char c = text.charAt(at);
            closed = Piece.Quote.NONE;
            if (c == '\'') {
                int end = closing(at, pieces, before);
                for (int i = at + 1; i < end; i++) {
                    pieces.add(Piece.character(text.charAt(i), i, i + 1, Piece.Quote.SINGLE));
                }
                closed = Piece.Quote.SINGLE;
                at = end + 1;
            } else if (c == '"') {
                at = addDoubleQuoted(at, pieces, before);
                closed = Piece.Quote.DOUBLE;
            } else {
                Piece piece = piece(at, Piece.Quote.NONE);
                pieces.add(piece);
                at = piece.end();
            }
        }
        return new Token(TokenKind.WORD, start, at, pieces, closed);
    }

    private boolean endsWord(int at) {
        char c = text.charAt(at);
        return c == ' ' || c == '\t' || c == '\n' || text.startsWith("\r\n", at) || OPERATORS.indexOf(c) >= 0;
    }

    private int addDoubleQuoted(int open, List<Piece> pieces, List<Token> before) {
        int at = open + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            Piece piece = piece(at, Piece.Quote.DOUBLE);
            pieces.add(piece);
            at = piece.end();
        }
        if (at == text.length()) {
            throw unbalanced(open, pieces, before);
        }
        return at + 1;
    }

    private int closing(int open, List<Piece> pieces, List<Token> before) {
        int end = text.indexOf('\'', open + 1);
        if (end < 0) {
            throw unbalanced(open, pieces, before);
        }
        return end;
    }

    /** One quote too few shows at the last quote of the file; the first text over several lines is the likelier place. */
    private Fault unbalanced(int open, List<Piece> pieces, List<Token> before) {
        int at = Stream.concat(before.stream().flatMap(token -> token.pieces().stream()), pieces.stream())
                .filter(piece -> piece.quote() != Piece.Quote.NONE && piece.character() == '\n')
                .mapToInt(piece -> text.lastIndexOf(piece.quote() == Piece.Quote.DOUBLE ? '"' : '\'', piece.start()))
                .findFirst()
                .orElse(open);
        return source.refuse("unbalanced-quote", at, text.substring(at, at + 1));
    }

    private Piece piece(int at, Piece.Quote quote) {
        char c = text.charAt(at);
        if (c == '\\') {
            return escaped(at, quote);
        }
        int end = c == '$' || c == '`' ? expansionEnd(at) : at;
        return end > at ? Piece.expansion(at, end, quote) : Piece.character(c, at, at + 1, quote);
    }

    private Piece escaped(int at, Piece.Quote quote) {
        int join = joinEnd(at);
        if (join > at) {
            return Piece.join(at, join, quote);
        }
        if (at + 1 == text.length()) {
            return Piece.character('\\', at, at + 1, quote);
        }
        char next = text.charAt(at + 1);
        boolean literal = quote == Piece.Quote.DOUBLE && "$`\"\\".indexOf(next) < 0;
        return literal ? Piece.character('\\', at, at + 1, quote) : Piece.character(next, at, at + 2, quote);
    }

    /** Behind a backslash and the line end after it, or the same place where none stands here. */
    private int joinEnd(int at) {
        if (text.startsWith("\\\n", at)) {
            return at + 2;
        }
        return text.startsWith("\\\r\n", at) ? at + 3 : at;
    }

    private int expansionEnd(int at) {
        if (text.startsWith("$(", at)) {
            return bracketEnd(at, '(', ')');
        }
        if (text.startsWith("${", at)) {
            return bracketEnd(at, '{', '}');
        }
        if (text.charAt(at) == '`') {
            int end = text.indexOf('`', at + 1);
            if (end < 0) {
                throw source.refuse("unbalanced-quote", at, "`");
            }
            return end + 1;
        }
        Matcher name = EXPANSION.matcher(text).region(at, text.length());
        return name.lookingAt() ? name.end() : at;
    }

    private int bracketEnd(int at, char open, char close) {
        int depth = 0;
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == open ? 1 : c == close ? -1 : 0;
            if (depth == 0) {
                return i + 1;
            }
        }
        throw source.refuse("unbalanced-quote", at, text.substring(at, at + 2));
    }
}
