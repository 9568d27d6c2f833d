package io.github.mirrorctl.render;

/** Colours for what a word already says; nothing where colours are off. */
public enum Palette {
    COLOUR,
    PLAIN;

    private static final String ESCAPE = "\u001b[";

    String good(String text) {
        return painted("32", text);
    }

    String bad(String text) {
        return painted("31", text);
    }

    String warning(String text) {
        return painted("33", text);
    }

    String strong(String text) {
        return painted("1", text);
    }

    String faint(String text) {
        return painted("2", text);
    }

    private String painted(String code, String text) {
        return this == PLAIN ? text : ESCAPE + code + "m" + text + ESCAPE + "0m";
    }
}
