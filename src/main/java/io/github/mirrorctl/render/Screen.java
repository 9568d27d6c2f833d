package io.github.mirrorctl.render;

/**
 * What the text is read on.
 *
 * @param columns how wide the terminal is, for either stream that ends at one
 * @param hasSymbols whether it shows more than letters: block elements, ticks and crosses
 */
public record Screen(int columns, boolean outIsTerminal, boolean errIsTerminal, boolean hasSymbols) {
    private static final int UNLIMITED = Integer.MAX_VALUE;

    /** How wide a line of the answer may be; in a pipe or a file as wide as it likes. */
    int answerColumns() {
        return outIsTerminal ? columns : UNLIMITED;
    }

    /** How wide a line of the conversation may be. */
    int conversationColumns() {
        return errIsTerminal ? columns : UNLIMITED;
    }
}
