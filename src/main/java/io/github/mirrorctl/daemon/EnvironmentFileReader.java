package io.github.mirrorctl.daemon;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a file as systemd's {@code EnvironmentFile=} does: no {@code export}, no expansion, quotes of its own
 * ({@code parse_env_file_internal} in systemd's {@code src/basic/env-file.c}).
 */
final class EnvironmentFileReader {
    private final SourceText source;
    private final String text;

    EnvironmentFileReader(SourceText source) {
        this.source = source;
        this.text = source.text();
    }

    /** A line with a name that systemd does not take, such as {@code export X}, is among them under that name. */
    record Content(List<Assignment> assignments, List<Integer> comments) {}

    Content read() {
        List<Assignment> assignments = new ArrayList<>();
        List<Integer> comments = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#' || c == ';') {
                comments.add(at);
                at = source.lineEnd(at);
            } else {
                int end = source.lineEnd(at);
                int equals = text.indexOf('=', at);
                if (equals < 0 || equals >= end) {
                    at = end;
                } else {
                    Assignment assignment = assignment(at, equals);
                    assignments.add(assignment);
                    at = assignment.valueEnd();
                }
            }
        }
        return new Content(assignments, comments);
    }

    private Assignment assignment(int start, int equals) {
        int valueStart = equals + 1;
        while (valueStart < text.length() && (text.charAt(valueStart) == ' ' || text.charAt(valueStart) == '\t')) {
            valueStart++;
        }
        List<Piece> pieces = new ArrayList<>();
        Piece.Quote closed = Piece.Quote.NONE;
        boolean bare = false;
        int end = valueStart;
        int at = valueStart;
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
            char c = text.charAt(at);
            boolean opens = !bare && (c == '"' || c == '\'');
            if (opens) {
                at = addQuoted(at, pieces);
                closed = c == '"' ? Piece.Quote.DOUBLE : Piece.Quote.SINGLE;
                end = at;
            } else {
                Piece piece = piece(at, Piece.Quote.NONE);
                at = piece.end();
                boolean between = !bare && piece.isBlank();
                if (!between) {
                    bare = true;
                    pieces.add(piece);
                }
                if (!piece.isBlank()) {
                    closed = Piece.Quote.NONE;
                    end = at;
                }
            }
        }
        int valueEnd = end;
        pieces.removeIf(piece -> piece.start() >= valueEnd);
        String name = text.substring(start, equals).strip();
        return new Assignment(name, start, valueStart, valueEnd, false, closed, pieces);
    }

    private int addQuoted(int open, List<Piece> pieces) {
        char quote = text.charAt(open);
        int at = open + 1;
        while (at < text.length() && text.charAt(at) != quote) {
            Piece piece = quote == '"'
                    ? piece(at, Piece.Quote.DOUBLE)
                    : Piece.character(text.charAt(at), at, at + 1, Piece.Quote.SINGLE);
            pieces.add(piece);
            at = piece.end();
        }
        if (at == text.length()) {
            throw source.refuse("unbalanced-quote", open, String.valueOf(quote));
        }
        return at + 1;
    }

    private Piece piece(int at, Piece.Quote quote) {
        char c = text.charAt(at);
        if (c != '\\') {
            return Piece.character(c, at, at + 1, quote);
        }
        if (at + 1 == text.length()) {
            return Piece.join(at, at + 1, quote);
        }
        char next = text.charAt(at + 1);
        if (next == '\n' || text.startsWith("\r\n", at + 1)) {
            return Piece.join(at, next == '\n' ? at + 2 : at + 3, quote);
        }
        boolean literal = quote == Piece.Quote.DOUBLE && "$`\"\\".indexOf(next) < 0;
        return literal ? Piece.character('\\', at, at + 1, quote) : Piece.character(next, at, at + 2, quote);
    }
}
