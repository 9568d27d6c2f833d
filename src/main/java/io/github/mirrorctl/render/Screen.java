package io.github.mirrorctl.render;

/**
 * What the text is read on.
 *
 * @param columns how wide the terminal is, for either stream that ends at one
 * @param hasSymbols whether it shows more than letters: block elements, ticks and crosses
 */
public record Screen(int columns, boolean outIsTerminal, boolean errIsTerminal, boolean hasSymbols) {}
