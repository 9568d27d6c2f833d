package io.github.mirrorctl.daemon;

/**
 * A character of a value and the span of the file that spells it.
 *
 * @param character the character that the value gets; of an expansion or a join, no character at all
 * @param start where its spelling begins in the file
 * @param end behind its spelling
 * @param quote the quote around it
 */
record Piece(Kind kind, char character, int start, int end, Quote quote) {

    enum Kind {
        CHARACTER,
        /** A variable, of which the file does not tell the value. */
        EXPANSION,
        /** A backslash at the end of a line, which joins two lines and leaves nothing. */
        JOIN
    }

    enum Quote {
        NONE,
        SINGLE,
        DOUBLE
    }

    boolean isExpansion() {
        return kind == Kind.EXPANSION;
    }

    /** Whether it is white space, which parts two words when a value is split. */
    boolean isBlank() {
        return kind == Kind.CHARACTER && " \t\n\r".indexOf(character) >= 0;
    }

    /** Whether it belongs to what stands between two words. */
    boolean isGap() {
        return isBlank() || kind == Kind.JOIN;
    }

    static Piece character(char character, int start, int end, Quote quote) {
        return new Piece(Kind.CHARACTER, character, start, end, quote);
    }

    static Piece expansion(int start, int end, Quote quote) {
        return new Piece(Kind.EXPANSION, '$', start, end, quote);
    }

    static Piece join(int start, int end, Quote quote) {
        return new Piece(Kind.JOIN, '\n', start, end, quote);
    }
}
