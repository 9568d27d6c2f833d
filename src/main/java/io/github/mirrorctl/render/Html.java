package io.github.mirrorctl.render;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Writes HTML or SVG whose text and attributes are escaped, whoever they come from, and whose elements are closed in the
 * right order. Texts of ours come in every language that a reader may switch to.
 */
final class Html {
    private final Messages english = Messages.of(Locale.ENGLISH);
    private final Messages chinese = Messages.of(Locale.CHINESE);
    private final StringBuilder written = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** @param attributes names and values in turn */
    Html open(String tag, String... attributes) {
        start(tag, attributes);
        open.push(tag);
        return this;
    }

    Html close() {
        written.append("</").append(open.pop()).append(">\n");
        return this;
    }

    /** An element that has no content, and in HTML no end. */
    Html empty(String tag, String... attributes) {
        start(tag, attributes);
        return this;
    }

    Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** An element that holds a sentence of ours in both languages. */
    Html wordsIn(String tag, String key, String... arguments) {
        return open(tag).words(key, arguments).close();
    }

    /** A sentence of ours in both languages, of which the page shows one. */
    Html words(String key, String... arguments) {
        return both(english.text(key, arguments), chinese.text(key, arguments));
    }

    /** A text in both languages; once where they are the same. */
    Html both(String en, String zh) {
        return en.equals(zh) ? text(en) : inLanguage("en", en).inLanguage("zh", zh);
    }

    Messages english() {
        return english;
    }

    Messages chinese() {
        return chinese;
    }

    private Html inLanguage(String language, String text) {
        written.append("<span lang=\"").append(language).append("\">");
        text(text);
        written.append("</span>");
        return this;
    }

    Html text(String text) {
        escape(Messages.cleaned(text));
        return this;
    }

    /** What is not escaped: a script or a style of our own. */
    Html verbatim(String ours) {
        written.append(ours);
        return this;
    }

    private void start(String tag, String... attributes) {
        written.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            written.append(' ').append(attributes[i]).append("=\"");
            escape(Messages.cleaned(attributes[i + 1]));
            written.append('"');
        }
        written.append('>');
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> written.append("&amp;");
                case '<' -> written.append("&lt;");
                case '>' -> written.append("&gt;");
                case '"' -> written.append("&quot;");
                default -> written.append(c);
            }
        }
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return written.toString();
    }
}
