package io.github.mirrorctl.render;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of sentences, {@code key = sentence} on a line each. A start of the program needs a few of the hundreds, so only
 * the keys are read at once: {@link java.util.Properties} takes as long for such a file as the JVM does to start.
 */
final class Sentences extends ResourceBundle {
    private final byte[] text;
    /** Where the sentence of a key begins. */
    private final Map<String, Integer> places = new HashMap<>(2048);

    private Sentences(byte[] text) {
        this.text = text;
        int line = 0;
        while (line < text.length) {
            int end = endOfLine(line);
            int equals = equalsSign(line, end);
            if (equals > line && text[line] != '#') {
                // Keys are ASCII, which needs no decoding.
                String key = new String(text, line, equals - line - 1, StandardCharsets.ISO_8859_1);
                places.put(key, Math.min(equals + 2, end));
            }
            line = end + 1;
        }
    }

    /** The file of that name in this package. */
    static Sentences of(String name) {
        try (InputStream in = Sentences.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new Sentences(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read from the jar", e);
        }
    }

    private int endOfLine(int from) {
        int end = from;
        while (end < text.length && text[end] != '\n' && text[end] != '\r') {
            end++;
        }
        return end;
    }

    private int equalsSign(int from, int end) {
        int at = from;
        while (at < end && text[at] != '=') {
            at++;
        }
        return at < end ? at : -1;
    }

    @Override
    protected @Nullable Object handleGetObject(String key) {
        Integer start = places.get(key);
        if (start == null) {
            return null;
        }
        String raw = new String(text, start, endOfLine(start) - start, StandardCharsets.UTF_8);
        return raw.indexOf('\\') < 0 ? raw : unescaped(raw);
    }

    /** Of the escapes of a properties file the two that ours have: what follows stands for itself, or is a number. */
    private static String unescaped(String raw) {
        StringBuilder plain = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            if (c != '\\') {
                plain.append(c);
            } else if (raw.charAt(i) == 'u') {
                plain.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                i += 5;
            } else {
                plain.append(raw.charAt(i++));
            }
        }
        return plain.toString();
    }

    @Override
    protected Set<String> handleKeySet() {
        return Collections.unmodifiableSet(places.keySet());
    }

    @Override
    public Enumeration<String> getKeys() {
        return Collections.enumeration(places.keySet());
    }
}
