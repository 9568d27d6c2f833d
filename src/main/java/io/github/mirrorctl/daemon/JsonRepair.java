package io.github.mirrorctl.daemon;

import io.github.mirrorctl.daemon.JsonAccident.Kind;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Mends a text that is nearly JSON, one accident after the other, as long as there is only one thing that its author can
 * have meant. Signs change: commas, colons, brackets, the quotes around a text, comments. What stands between two quotes
 * never does, nor does a number or a word.
 *
 * <p>A bracket that was never closed is closed where the text after it leaves no choice. Where a document of another
 * meaning would come out of another place, it is refused.
 */
final class JsonRepair {
    /** Beyond these, this is another kind of file. */
    private static final int MOST_MENDS = 500;

    private static final int LONGEST = 1_000_000;
    /** Closing a bracket tries all other places; in a text longer than this that takes too long to be worth it. */
    private static final int LONGEST_TO_CLOSE = 20_000;
    /** For the same reason; whoever lost more of them lost more than brackets. */
    private static final int MOST_TO_CLOSE = 10;

    private static final String DOUBLE_QUOTES = "“”„‟«»＂\"";
    private static final String SINGLE_QUOTES = "‘’‚‛＇'`";
    private static final String FULL_WIDTH = "，：｛｝［］【】＝、";
    private static final String HALF_WIDTH = ",:{}[][]=,";
    private static final Pattern SURPLUS = Pattern.compile("[}\\],;，；\\s]*");
    private static final Pattern END_MARK = Pattern.compile("\\s*\\n[ \\t]*[A-Z_]{3,}[ \\t]*\\s*");
    private static final Pattern HERE_DOCUMENT =
            Pattern.compile("<<(-?)[ \\t]*(?:(['\"])(\\w+)\\2|(\\\\?)(\\w+))[^\\n]*\\n");

    private final List<Problem> mends = new ArrayList<>();
    private final List<Closed> closed = new ArrayList<>();

    private SourceText source;

    /** Where a bracket was put that was missing, and where the one stands that it belongs to. */
    private record Closed(int opener, int place) {
        Closed after(int end, int shift) {
            return new Closed(opener >= end ? opener + shift : opener, place >= end ? place + shift : place);
        }
    }

    private JsonRepair(SourceText source) {
        this.source = source;
    }

    /**
     * A text that reads as strict JSON, or is blank where there were only comments.
     *
     * @param source remembers where in the file everything stood
     * @param mends what was changed, in the order in which it was found; empty where nothing had to be
     */
    record Mended(SourceText source, List<Problem> mends) {
        Mended {
            mends = List.copyOf(mends);
        }
    }

    /**
     * The text without its accidents. It must not be blank.
     *
     * @throws Fault with the first accident that cannot be mended without guessing
     */
    static Mended mend(SourceText source) {
        return new JsonRepair(source).mendAll();
    }

    private Mended mendAll() {
        Optional<JsonAccident> accident = JsonReader.firstAccident(source);
        while (accident.isPresent()) {
            JsonAccident found = accident.get();
            if (isTooMuch(source, mends.size() + 1) || !mend(found)) {
                throw JsonReader.refusal(source, found);
            }
            if (source.text().isBlank()) {
                return new Mended(source, mends);
            }
            accident = JsonReader.firstAccident(source);
        }
        requireOneReading(JsonReader.read(source));
        return new Mended(source, mends);
    }

    /** Whether so many mends make it another kind of file; each of them reads all of it anew. */
    static boolean isTooMuch(SourceText source, int mends) {
        return mends > MOST_MENDS || source.text().length() > LONGEST;
    }

    /** Whether the accident could be mended. */
    private boolean mend(JsonAccident accident) {
        int at = accident.at();
        return switch (accident.kind()) {
            case TRAILING_COMMA, DOUBLED_COMMA -> replace(accident, at, at + 1, "");
            case MISSING_COMMA -> addComma(accident);
            case MISSING_COLON -> addColon(accident);
            case EQUALS_SIGN -> "=>".indexOf(charAt(at + 1)) < 0 && replace(accident, at, at + 1, ":");
            case COMMENT -> deleteComment(accident);
            case CURLY_QUOTE, SINGLE_QUOTE -> straightenQuotes(accident);
            case FULL_WIDTH_PUNCTUATION -> narrow(accident);
            case INVISIBLE_CHARACTER -> replace(accident, at, at + 1, Character.isSpaceChar(charAt(at)) ? " " : "");
            case UNQUOTED_KEY, UNQUOTED_ADDRESS -> {
                String word = accident.arguments().get(0);
                yield replace(accident, at, at + word.length(), '"' + word + '"');
            }
            case UNCLOSED -> close(accident);
            case MISSING_OPENING_BRACE -> replace(accident, at, at, isLongerThanALine() ? "{" + lineBreak() : "{");
            case TEXT_AFTER_END -> deleteSurplus(accident);
            case HERE_DOCUMENT -> unwrap(accident);
            case UNCLOSED_TEXT, TEXT_BEFORE_START, TWO_DOCUMENTS, NESTED_TOO_DEEP, JSON_SYNTAX -> false;
        };
    }

    private boolean replace(JsonAccident accident, int start, int end, String replacement) {
        mends.add(mended(source, accident.kind().key(), accident.at(), accident.arguments()));
        edit(start, end, replacement);
        return true;
    }

    static Problem mended(SourceText source, String code, int at, List<String> arguments) {
        return new Problem("mended-" + code, Problem.Severity.INFO, arguments, Optional.of(source.placeAt(at)));
    }

    private void edit(int start, int end, String replacement) {
        source = source.edited(start, end, replacement);
        int shift = replacement.length() - (end - start);
        closed.replaceAll(each -> each.after(end, shift));
    }

    private char charAt(int at) {
        return at < source.text().length() ? source.text().charAt(at) : '\0';
    }

    private String lineBreak() {
        return source.lineBreak();
    }

    private boolean isLongerThanALine() {
        return source.text().strip().contains("\n");
    }

    /** Only between two that stand apart: {@code "a""b"} may be one text with a quote in it. */
    private boolean addComma(JsonAccident accident) {
        String rest = source.text().substring(accident.gap());
        boolean isClear = !rest.isEmpty()
                && Character.isWhitespace(rest.charAt(0))
                && "\"{[".indexOf(rest.stripLeading().charAt(0)) >= 0;
        return isClear && replace(accident, accident.gap(), accident.gap(), ",");
    }

    /** Only before a bracket: two texts may be two entries of a list that lost more than a colon. */
    private boolean addColon(JsonAccident accident) {
        String rest = source.text().substring(accident.gap()).stripLeading();
        boolean isClear = rest.startsWith("{") || rest.startsWith("[");
        return isClear && replace(accident, accident.gap(), accident.gap(), ":");
    }

    /** With the blanks before it, and with its line where it has that for itself. */
    private boolean deleteComment(JsonAccident accident) {
        String text = source.text();
        int start = accident.at();
        int end = source.lineEnd(start);
        if (text.startsWith("/*", start)) {
            int close = text.indexOf("*/", start + 2);
            if (close < 0) {
                return false;
            }
            end = close + 2;
        }
        int lineStart = source.lineStart(start);
        boolean beginsLine = text.substring(lineStart, start).isBlank();
        boolean endsLine = text.substring(end, source.lineEnd(end)).isBlank();
        if (beginsLine && endsLine) {
            return replace(accident, lineStart, source.nextLine(end), "");
        }
        while (endsLine && !beginsLine && " \t".indexOf(text.charAt(start - 1)) >= 0) {
            start--;
        }
        return replace(accident, start, end, "");
    }

    /** Both quotes around a text, or the one at its end where it began with a straight one. */
    private boolean straightenQuotes(JsonAccident accident) {
        String text = source.text();
        int open = accident.at();
        String family = family(charAt(open));
        if (family.isEmpty()) {
            return false;
        }
        if (closesStraightText(open)) {
            return family.equals(DOUBLE_QUOTES) && replace(accident, open, open + 1, "\"");
        }
        int lineEnd = source.lineEnd(open);
        int close = open + 1;
        while (close < lineEnd && family.indexOf(charAt(close)) < 0) {
            close++;
        }
        String inside = text.substring(open + 1, close);
        boolean isClear = close < lineEnd && inside.chars().noneMatch(c -> c < ' ' || c == '"' || c == '\\');
        return isClear && replace(accident, open, close + 1, '"' + inside + '"');
    }

    private static String family(char quote) {
        if (SINGLE_QUOTES.indexOf(quote) >= 0) {
            return SINGLE_QUOTES;
        }
        return DOUBLE_QUOTES.indexOf(quote) >= 0 ? DOUBLE_QUOTES : "";
    }

    /** Whether a text with a straight quote in front reaches up to here: the text before this place is not closed. */
    private boolean closesStraightText(int at) {
        int lineStart = source.lineStart(at);
        boolean open = false;
        for (int i = lineStart; i < at; i++) {
            char c = charAt(i);
            if (c == '\\' && open) {
                i++;
            } else if (c == '"') {
                open = !open;
            }
        }
        return open;
    }

    private boolean narrow(JsonAccident accident) {
        char c = charAt(accident.at());
        if (!family(c).isEmpty()) {
            return straightenQuotes(accident);
        }
        int known = FULL_WIDTH.indexOf(c);
        return known >= 0
                && replace(accident, accident.at(), accident.at() + 1, HALF_WIDTH.substring(known, known + 1));
    }

    private boolean close(JsonAccident accident) {
        if (source.text().length() > LONGEST_TO_CLOSE || closed.size() == MOST_TO_CLOSE) {
            return false;
        }
        int opener = accident.at();
        int gap = accident.gap();
        String text = source.text();
        String bracket = charAt(opener) == '[' ? "]" : "}";
        int lineStart = source.lineStart(opener);
        String line = text.substring(lineStart, opener);
        String indent = line.substring(0, line.length() - line.stripLeading().length());
        boolean isBelow = source.lineStart(gap) > opener;
        String lead = isBelow ? lineBreak() + indent : "";
        replace(accident, gap, gap, lead + bracket);
        closed.add(new Closed(opener, gap + lead.length()));
        return true;
    }

    /** What holds no word, or nothing but the mark that ends a here-document. */
    private boolean deleteSurplus(JsonAccident accident) {
        String text = source.text();
        int start = accident.at();
        while (Character.isWhitespace(text.charAt(start - 1))) {
            start--;
        }
        String rest = text.substring(start);
        boolean isClear =
                SURPLUS.matcher(rest).matches() || END_MARK.matcher(rest).matches();
        int end = start + rest.stripTrailing().length();
        return isClear && replace(accident, start, end, "");
    }

    /** What the shell would have written: the lines between the command and its mark. */
    private boolean unwrap(JsonAccident accident) {
        Matcher head = HERE_DOCUMENT.matcher(source.text());
        if (!head.find(accident.at())) {
            return false;
        }
        String mark = head.group(3) == null ? head.group(5) : head.group(3);
        boolean isLiteral = head.group(3) != null || !head.group(4).isEmpty();
        int bodyEnd = bodyEnd(head.end(), mark, !head.group(1).isEmpty());
        String body = source.text().substring(head.end(), bodyEnd);
        boolean isExpanded = !isLiteral && body.chars().anyMatch(c -> c == '$' || c == '`' || c == '\\');
        if (isExpanded || body.isBlank()) {
            return false;
        }
        int end = source.text().length();
        replace(accident, bodyEnd, end, "");
        edit(0, head.end(), "");
        return true;
    }

    private int bodyEnd(int from, String mark, boolean mayBeIndented) {
        int at = from;
        while (at < source.text().length()) {
            String line = source.text().substring(at, source.lineEnd(at));
            String compared = mayBeIndented ? line.stripLeading() : line;
            if (compared.stripTrailing().equals(mark)) {
                return at;
            }
            at = source.nextLine(at);
        }
        return at;
    }

    /** Refuses brackets that could have stood elsewhere as well, with another meaning. */
    private void requireOneReading(JsonValue root) {
        if (closed.isEmpty()) {
            return;
        }
        String text = source.text();
        String meaning = meaning(root, text);
        List<Integer> ends = new ArrayList<>();
        addEnds(root, ends);
        for (Closed each : closed) {
            for (int end : ends) {
                String moved = moved(text, each.place(), end);
                SourceText other = new SourceText(source.file(), moved);
                boolean reads = JsonReader.firstAccident(other).isEmpty();
                if (reads && !meaning(JsonReader.read(other), moved).equals(meaning)) {
                    String bracket = text.substring(each.opener(), each.opener() + 1);
                    throw source.refuse(Kind.UNCLOSED.key(), each.opener(), bracket);
                }
            }
        }
    }

    /** The text with one character in another place. */
    private static String moved(String text, int from, int to) {
        StringBuilder moved = new StringBuilder(text).deleteCharAt(from);
        return moved.insert(to > from ? to - 1 : to, text.charAt(from)).toString();
    }

    private static void addEnds(JsonValue value, List<Integer> ends) {
        for (JsonValue.Member member : value.members()) {
            ends.add(member.value().end());
            addEnds(member.value(), ends);
        }
        for (JsonValue element : value.elements()) {
            ends.add(element.end());
            addEnds(element, ends);
        }
    }

    /** The document without white space. */
    private static String meaning(JsonValue value, String text) {
        StringBuilder meaning = new StringBuilder();
        switch (value.kind()) {
            case OBJECT -> {
                for (JsonValue.Member member : value.members()) {
                    meaning.append(text, member.start(), member.nameEnd()).append(':');
                    meaning.append(meaning(member.value(), text)).append(',');
                }
                return "{" + meaning + "}";
            }
            case ARRAY -> {
                value.elements()
                        .forEach(element ->
                                meaning.append(meaning(element, text)).append(','));
                return "[" + meaning + "]";
            }
            case STRING, NUMBER, TRUE, FALSE, NULL -> {
                return text.substring(value.start(), value.end());
            }
        }
        throw new IllegalArgumentException(value.kind().name());
    }
}
