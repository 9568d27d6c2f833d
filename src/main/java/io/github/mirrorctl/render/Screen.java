package io.github.mirrorctl.render;

/**
 * What the text is read on.
 *
 * @param columns how wide the terminal is, for either stream that ends at one
 * @param hasSymbols whether it shows more than letters: block elements, ticks and crosses
 */
public record Screen(int columns, boolean outIsTerminal, boolean errIsTerminal, boolean hasSymbols) {

    /** How long a line of the answer may be; without a bound where it does not end at a terminal. */
    public int outColumns() {
        return outIsTerminal ? columns : Integer.MAX_VALUE;
    }

    /** The same of a line of the conversation. */
    public int errColumns() {
        return errIsTerminal ? columns : Integer.MAX_VALUE;
    }
}
