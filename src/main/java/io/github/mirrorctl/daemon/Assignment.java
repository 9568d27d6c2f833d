package io.github.mirrorctl.daemon;

import java.util.List;

/**
 * An assignment to a variable in a file of a shell's or of systemd's.
 *
 * @param start where the name begins
 * @param valueStart where the value's spelling begins, quotes included
 * @param valueEnd where it ends
 * @param appends whether it is written with {@code +=}
 * @param closed the quote that closes right at the end of the value; none where it ends bare
 */
record Assignment(
        String name, int start, int valueStart, int valueEnd, boolean appends, Piece.Quote closed, List<Piece> pieces) {

    Assignment {
        pieces = List.copyOf(pieces);
    }

    /** Where more words can be added to the value: before the quote that closes it. */
    int insertAt() {
        return closed == Piece.Quote.NONE ? valueEnd : valueEnd - 1;
    }

    /** Whether the value is written without any quote, backslash or blank, so that quotes can be put around it. */
    boolean isBare() {
        boolean plain = pieces.stream()
                .allMatch(piece -> piece.quote() == Piece.Quote.NONE
                        && !piece.isGap()
                        && "\"'\\".indexOf(piece.character()) < 0
                        && (piece.isExpansion() || piece.end() - piece.start() == 1));
        return plain && closed == Piece.Quote.NONE;
    }

    boolean holds(int offset) {
        return valueStart <= offset && offset <= valueEnd;
    }
}
