package io.github.mirrorctl.daemon;

import io.github.mirrorctl.daemon.JsonAccident.Kind;
import io.github.mirrorctl.fault.Fault;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    private static final Pattern KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*+(?=[ \t\r\n]*+[:=：](?!//))");
    private static final Pattern ADDRESS = Pattern.compile("https?://[A-Za-z0-9._~:/\\[\\]-]*[A-Za-z0-9/]");
    private static final Pattern ENDS_TEXT = Pattern.compile("[ \t]*+(?:[:,}\\]：，｝］】\r\n]|$)");
    static final String CURLY_QUOTES = "“”„‟‘’‚‛«»「」";
    private static final String FULL_WIDTH = "，：；、。｛｝［］（）【】＂＇＃／＝";

    private final SourceText source;
    private final String text;

    private JsonReader(SourceText source) {
        this.source = source;
        this.text = source.text();
    }

    /** Ends the reading from within any depth; never leaves this class. */
    private static final class Stop extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient JsonAccident accident;

        Stop(JsonAccident accident) {
            super(accident.kind().key(), null, false, false);
            this.accident = accident;
        }
    }

    /**
     * The one value that the text holds. The text must not be blank.
     *
     * @throws Fault with the place of the first accident
     */
    static JsonValue read(SourceText source) {
        try {
            return new JsonReader(source).document();
        } catch (Stop stop) {
            throw refusal(source, stop.accident);
        }
    }

    /** What stops the reading first; empty where the text is right. */
    static Optional<JsonAccident> firstAccident(SourceText source) {
        try {
            new JsonReader(source).document();
            return Optional.empty();
        } catch (Stop stop) {
            return Optional.of(stop.accident);
        }
    }

    /** The fault that an accident is. */
    static Fault refusal(SourceText source, JsonAccident accident) {
        return source.refuse(
                accident.kind().key(), accident.at(), accident.arguments().toArray(String[]::new));
    }

    private static Stop stop(Kind kind, int at, String... arguments) {
        return stopBefore(kind, at, at, arguments);
    }

    private static Stop stopBefore(Kind kind, int at, int gap, String... arguments) {
        return new Stop(new JsonAccident(kind, at, gap, List.of(arguments)));
    }

    private JsonValue document() {
        refuseHereDocument();
        int start = skipBlank(0);
        refuseOddStart(start);
        JsonValue value = value(start, 1, start);
        int rest = skipBlank(value.end());
        if (rest < text.length()) {
            throw afterEnd(value, rest);
        }
        return value;
    }

    private void refuseHereDocument() {
        int brace = text.indexOf('{');
        Matcher mark = HERE_DOCUMENT.matcher(text).region(0, brace < 0 ? text.length() : brace);
        if (mark.find()) {
            throw stop(Kind.HERE_DOCUMENT, source.lineStart(mark.start()));
        }
    }

    private void refuseOddStart(int start) {
        if (start == text.length()) {
            return;
        }
        if (isKey(start)) {
            throw stop(Kind.MISSING_OPENING_BRACE, start);
        }
        char c = text.charAt(start);
        boolean isProse = Character.isLetter(c) || "`>$*".indexOf(c) >= 0;
        if (isProse && text.indexOf('{', start) > 0) {
            throw stop(Kind.TEXT_BEFORE_START, start);
        }
    }

    private Stop afterEnd(JsonValue value, int at) {
        if (startsComment(at)) {
            return stop(Kind.COMMENT, at);
        }
        if (isInvisible(text.charAt(at))) {
            return stop(Kind.INVISIBLE_CHARACTER, at, describe(at));
        }
        if (value.kind() == JsonValue.Kind.STRING && ":=：".indexOf(text.charAt(at)) >= 0) {
            return stop(Kind.MISSING_OPENING_BRACE, value.start());
        }
        return stop(is(at, '{') || is(at, '[') ? Kind.TWO_DOCUMENTS : Kind.TEXT_AFTER_END, at);
    }

    private JsonValue value(int at, int depth, int opener) {
        if (depth > MAX_DEPTH) {
            throw stop(Kind.NESTED_TOO_DEEP, at, Integer.toString(MAX_DEPTH));
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
                throw notAName(at, open);
            }
            JsonValue name = string(at);
            int colon = skipBlank(name.end());
            if (!is(colon, ':')) {
                throw notAColon(name, colon, open);
            }
            JsonValue value = value(skipBlank(colon + 1), depth + 1, open);
            members.add(new JsonValue.Member(name.string(), at, name.end(), value));
            int next = skipBlank(value.end());
            if (is(next, '}')) {
                return JsonValue.ofObject(open, next + 1, members);
            }
            at = afterComma(value, next, open);
        }
    }

    private Stop notAName(int at, int open) {
        if (is(at, ',')) {
            return stop(Kind.DOUBLED_COMMA, at);
        }
        return isKey(at) ? unquotedKey(at) : unexpected(at, open);
    }

    private Stop notAColon(JsonValue name, int at, int open) {
        Optional<Stop> misquoted = misquoted(name);
        if (misquoted.isPresent()) {
            return misquoted.get();
        }
        if (is(at, '=')) {
            return stop(Kind.EQUALS_SIGN, at);
        }
        boolean beginsValue = at < text.length() && (isOpening(at) || isLetterOrDigit(text.charAt(at)));
        return beginsValue ? stop(Kind.MISSING_COLON, name.end()) : unexpected(at, open);
    }

    private JsonValue array(int open, int depth) {
        List<JsonValue> elements = new ArrayList<>();
        int at = skipBlank(open + 1);
        if (is(at, ']')) {
            return JsonValue.ofArray(open, at + 1, elements);
        }
        while (true) {
            JsonValue element = value(at, depth + 1, open);
            int next = skipBlank(element.end());
            if (is(next, ']')) {
                elements.add(element);
                return JsonValue.ofArray(open, next + 1, elements);
            }
            boolean isName = is(next, ':') && element.kind() == JsonValue.Kind.STRING;
            if (isName && !elements.isEmpty()) {
                // A name and a value belong to an object, so the list has ended before them.
                int last = elements.get(elements.size() - 1).end();
                throw stopBefore(Kind.UNCLOSED, open, last, "[");
            }
            elements.add(element);
            at = afterComma(element, next, open);
        }
    }

    /** Where the next member or element begins, given the last one and where what follows it begins. */
    private int afterComma(JsonValue last, int next, int opener) {
        if (is(next, ',')) {
            int at = skipBlank(next + 1);
            if (is(at, '}') || is(at, ']')) {
                throw stop(Kind.TRAILING_COMMA, next);
            }
            return at;
        }
        int end = last.end();
        boolean apart = next > end && next < text.length();
        if (apart && isOpening(next)) {
            throw stop(Kind.MISSING_COMMA, end);
        }
        misquoted(last).ifPresent(stop -> {
            throw stop;
        });
        if (isOpening(next) || (apart && isLetterOrDigit(text.charAt(next)))) {
            throw stop(Kind.MISSING_COMMA, end);
        }
        throw unexpected(next, opener);
    }

    /** A text that was to end at a curly quote and went on to the next straight one. */
    private Optional<Stop> misquoted(JsonValue value) {
        if (value.kind() != JsonValue.Kind.STRING) {
            return Optional.empty();
        }
        for (int i = value.start() + 1; i < value.end() - 1; i++) {
            boolean ends = CURLY_QUOTES.indexOf(text.charAt(i)) >= 0
                    && ENDS_TEXT.matcher(text).region(i + 1, text.length()).lookingAt();
            if (ends) {
                return Optional.of(stop(Kind.CURLY_QUOTE, i, describe(i)));
            }
        }
        return Optional.empty();
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
                throw stop(Kind.JSON_SYNTAX, at, describe(at));
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
            default -> throw stop(Kind.JSON_SYNTAX, backslash, "\\");
        };
    }

    private char unicode(int backslash) {
        int from = backslash + 2;
        Matcher digits = HEX.matcher(text).region(from, Math.min(from + 4, text.length()));
        if (!digits.matches()) {
            throw stop(Kind.JSON_SYNTAX, backslash, "\\u");
        }
        return (char) Integer.parseInt(digits.group(), 16);
    }

    private Stop unclosedString(int open, int end) {
        for (int i = open; i < end; i++) {
            if (CURLY_QUOTES.indexOf(text.charAt(i)) >= 0) {
                return stop(Kind.CURLY_QUOTE, i, describe(i));
            }
        }
        return stop(Kind.UNCLOSED_TEXT, open);
    }

    private Stop unexpected(int at, int opener) {
        if (at == text.length()) {
            return stopBefore(Kind.UNCLOSED, opener, blankStart(at), describe(opener));
        }
        char c = text.charAt(at);
        if (startsComment(at)) {
            return stop(Kind.COMMENT, at);
        }
        if (CURLY_QUOTES.indexOf(c) >= 0) {
            return stop(Kind.CURLY_QUOTE, at, describe(at));
        }
        if (c == '\'' || c == '`') {
            return stop(Kind.SINGLE_QUOTE, at, describe(at));
        }
        if (FULL_WIDTH.indexOf(c) >= 0) {
            return stop(Kind.FULL_WIDTH_PUNCTUATION, at, describe(at));
        }
        if (isInvisible(c)) {
            return stop(Kind.INVISIBLE_CHARACTER, at, describe(at));
        }
        boolean closesAnother = (c == '}' && is(opener, '[')) || (c == ']' && is(opener, '{'));
        if (closesAnother) {
            return stopBefore(Kind.UNCLOSED, opener, blankStart(at), describe(opener));
        }
        if (is(opener, '[') && (c == ',' || isKey(at))) {
            return c == ',' ? stop(Kind.DOUBLED_COMMA, at) : unquotedKey(at);
        }
        Matcher address = ADDRESS.matcher(text).region(at, text.length());
        return address.lookingAt()
                ? stop(Kind.UNQUOTED_ADDRESS, at, address.group())
                : stop(Kind.JSON_SYNTAX, at, describe(at));
    }

    private boolean isKey(int at) {
        return KEY.matcher(text).region(at, text.length()).lookingAt();
    }

    private Stop unquotedKey(int at) {
        int end = at;
        while (end < text.length() && " \t\r\n:=：".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return stop(Kind.UNQUOTED_KEY, at, text.substring(at, end));
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

    /** Where the white space begins that stands before this character. */
    private int blankStart(int end) {
        int at = end;
        while (at > 0 && " \t\r\n".indexOf(text.charAt(at - 1)) >= 0) {
            at--;
        }
        return at;
    }

    private boolean isOpening(int at) {
        return is(at, '"') || is(at, '{') || is(at, '[');
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
