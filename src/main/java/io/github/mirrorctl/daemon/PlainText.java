package io.github.mirrorctl.daemon;

/** Makes a text of unknown origin fit to be shown: one line, no control characters, not too long. */
public final class PlainText {
    private static final int MAX_LENGTH = 300;

    private PlainText() {}

    public static String of(String text) {
        StringBuilder plain = new StringBuilder();
        text.strip()
                .codePoints()
                .filter(c -> !Character.isISOControl(c)
                        && Character.getType(c) != Character.FORMAT
                        && Character.getType(c) != Character.SURROGATE
                        && Character.getType(c) != Character.LINE_SEPARATOR
                        && Character.getType(c) != Character.PARAGRAPH_SEPARATOR)
                .limit(MAX_LENGTH)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }
}
