package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a JSON text as strictly as Go's {@code encoding/json} does, by the grammar of
 * <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>. It keeps the span of every value, and where it must stop
 * it names the accident that people have with this file, not the state of a parser.
 */
final class JsonReader {
    private static final int MAX_DEPTH = 1000;
    private static final Pattern NUMBER =
            Pattern.compile("-?+(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+");
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{4}");
    private static final Pattern HERE_DOCUMENT = Pattern.compile("<<-?[ \t]*['\"\\\\]?[A-Za-z_]");
    private static final String CURLY_QUOTES = "“”„‟‘’‚‛«»「」";
    private static final String FULL_WIDTH = "，：；、。｛｝［］（）【】＂＇＃／";

    private final SourceText source;
    private final String text;

    private JsonReader(SourceText source) {
        this.source = source;
        this.text = source.text();
    }

    /**
     * The one value that the text holds. The text must not be blank.
     *
     * @throws Fault with the place of the first accident
     */
    static JsonValue read(SourceText source) {
        return new JsonReader(source).document();
    }

    private JsonValue document() {
        refuseHereDocument();
        int start = skipBlank(0);
        JsonValue value = value(start, 1, start);
        int rest = skipBlank(value.end());
        if (rest < text.length()) {
            throw afterEnd(rest);
        }
        return value;
    }

    private void refuseHereDocument() {
        int brace = text.indexOf('{');
        Matcher mark = HERE_DOCUMENT.matcher(text).region(0, brace < 0 ? text.length() : brace);
        if (mark.find()) {
            throw source.refuse("here-document", source.lineStart(mark.start()));
        }
    }

    private Fault afterEnd(int at) {
        if (startsComment(at)) {
            return source.refuse("comment", at);
        }
        return source.refuse(is(at, '{') || is(at, '[') ? "two-documents" : "text-after-end", at);
    }

    private JsonValue value(int at, int depth, int opener) {
        if (depth > MAX_DEPTH) {
            throw source.refuse("nested-too-deep", at, Integer.toString(MAX_DEPTH));
        }
        if (at == text.length()) {
            throw unexpected(at, opener);
        }
        return switch (text.charAt(at)) {
            case '{' -> object(at, depth);
            case '[' -> array(at, depth);
            case '"' -> string(at);
            case 't' -> literal(at, "true", JsonValue.Kind.TRUE, opener);
            case 'f' -> literal(at, "false", JsonValue.Kind.FALSE, opener);
            case 'n' -> literal(at, "null", JsonValue.Kind.NULL, opener);
            default -> number(at, opener);
        };
    }

    private JsonValue object(int open, int depth) {
        List<JsonValue.Member> members = new ArrayList<>();
        int at = skipBlank(open + 1);
        if (is(at, '}')) {
            return JsonValue.ofObject(open, at + 1, members);
        }
        while (true) {
            if (!is(at, '"')) {
                throw unexpected(at, open);
            }
            JsonValue name = string(at);
            int colon = skipBlank(name.end());
            if (!is(colon, ':')) {
                throw unexpected(colon, open);
            }
            JsonValue value = value(skipBlank(colon + 1), depth + 1, open);
            members.add(new JsonValue.Member(name.string(), at, name.end(), value));
            int next = skipBlank(value.end());
            if (is(next, '}')) {
                return JsonValue.ofObject(open, next + 1, members);
            }
            at = afterComma(value.end(), next, open);
        }
    }

    private JsonValue array(int open, int depth) {
        List<JsonValue> elements = new ArrayList<>();
        int at = skipBlank(open + 1);
        if (is(at, ']')) {
            return JsonValue.ofArray(open, at + 1, elements);
        }
        while (true) {
            JsonValue element = value(at, depth + 1, open);
            elements.add(element);
            int next = skipBlank(element.end());
            if (is(next, ']')) {
                return JsonValue.ofArray(open, next + 1, elements);
            }
            at = afterComma(element.end(), next, open);
        }
    }

    /** Where the next member or element begins, given the end of the last one and what follows it. */
    private int afterComma(int end, int next, int opener) {
        if (is(next, ',')) {
            int at = skipBlank(next + 1);
            if (is(at, '}') || is(at, ']')) {
                throw source.refuse("trailing-comma", next);
            }
            return at;
        }
        boolean apart = next > end && next < text.length() && isLetterOrDigit(text.charAt(next));
        if (apart || is(next, '"') || is(next, '{') || is(next, '[')) {
            throw source.refuse("missing-comma", end);
        }
        throw unexpected(next, opener);
    }

    private JsonValue literal(int at, String word, JsonValue.Kind kind, int opener) {
        if (!text.startsWith(word, at)) {
            throw unexpected(at, opener);
        }
        return JsonValue.plain(kind, at, at + word.length());
    }

    private JsonValue number(int at, int opener) {
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw unexpected(at, opener);
        }
        return JsonValue.plain(JsonValue.Kind.NUMBER, at, number.end());
    }

    private JsonValue string(int open) {
        StringBuilder value = new StringBuilder();
        int at = open + 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                return JsonValue.ofString(open, at + 1, value.toString());
            }
            if (c == '\n' || c == '\r') {
                break;
            }
            if (c < ' ') {
                throw source.refuse("json-syntax", at, describe(at));
            }
            if (c == '\\') {
                value.append(escaped(at));
                at += is(at + 1, 'u') ? 6 : 2;
            } else {
                value.append(c);
                at++;
            }
        }
        throw unclosedString(open, at);
    }

    private char escaped(int backslash) {
        char c = backslash + 1 < text.length() ? text.charAt(backslash + 1) : '\n';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode(backslash);
            default -> throw source.refuse("json-syntax", backslash, "\\");
        };
    }

    private char unicode(int backslash) {
        int from = backslash + 2;
        Matcher digits = HEX.matcher(text).region(from, Math.min(from + 4, text.length()));
        if (!digits.matches()) {
            throw source.refuse("json-syntax", backslash, "\\u");
        }
        return (char) Integer.parseInt(digits.group(), 16);
    }

    private Fault unclosedString(int open, int end) {
        for (int i = open; i < end; i++) {
            if (CURLY_QUOTES.indexOf(text.charAt(i)) >= 0) {
                return source.refuse("curly-quote", i, describe(i));
            }
        }
        return source.refuse("unclosed", open, "\"");
    }

    private Fault unexpected(int at, int opener) {
        if (at == text.length()) {
            return source.refuse("unclosed", opener, describe(opener));
        }
        char c = text.charAt(at);
        if (startsComment(at)) {
            return source.refuse("comment", at);
        }
        if (CURLY_QUOTES.indexOf(c) >= 0) {
            return source.refuse("curly-quote", at, describe(at));
        }
        if (c == '\'' || c == '`') {
            return source.refuse("single-quote", at, describe(at));
        }
        if (FULL_WIDTH.indexOf(c) >= 0) {
            return source.refuse("full-width-punctuation", at, describe(at));
        }
        if (isInvisible(c)) {
            return source.refuse("invisible-character", at, describe(at));
        }
        boolean closesAnother = (c == '}' && is(opener, '[')) || (c == ']' && is(opener, '{'));
        if (closesAnother) {
            return source.refuse("unclosed", opener, describe(opener));
        }
        return source.refuse("json-syntax", at, describe(at));
    }

    private boolean startsComment(int at) {
        return is(at, '#') || text.startsWith("//", at) || text.startsWith("/*", at);
    }

    private boolean is(int at, char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    /** The four characters of white space that RFC 8259 allows; Java's own notion of blank is wider. */
    private int skipBlank(int from) {
        int at = from;
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private String describe(int at) {
        int c = text.codePointAt(at);
        boolean visible = c > ' ' && c != 0x7f && !isInvisible(c);
        return visible ? Character.toString(c) : String.format(Locale.ROOT, "U+%04X", c);
    }

    private static boolean isInvisible(int c) {
        return c > ' ' && (Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT);
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
    }
}
