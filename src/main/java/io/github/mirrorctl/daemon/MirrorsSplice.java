package io.github.mirrorctl.daemon;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Puts another list of mirrors into the text of a daemon.json and leaves every other character where it is. */
final class MirrorsSplice {
    private static final String DEFAULT_INDENT = "  ";

    private final SourceText source;
    private final String text;
    private final JsonValue root;

    MirrorsSplice(SourceText source, JsonValue root) {
        this.source = source;
        this.text = source.text();
        this.root = root;
    }

    /** A new file that holds nothing but the mirrors. */
    static String newFile(List<String> mirrors) {
        return "{" + newMember("\n", mirrors) + "\n}\n";
    }

    private static String newMember(String lineBreak, List<String> mirrors) {
        Layout layout = Layout.onePerLine(lineBreak + DEFAULT_INDENT, DEFAULT_INDENT);
        return lineBreak + DEFAULT_INDENT + quote(DaemonKeys.REGISTRY_MIRRORS) + ": " + layout.write(quoted(mirrors));
    }

    /** The text with another value for the member that is there. */
    String replace(JsonValue.Member member, List<String> mirrors) {
        JsonValue value = member.value();
        return replace(value.start(), value.end(), listFor(member, mirrors));
    }

    /** Another value for the member that is there, in its layout and with the entries that stay as they are spelled. */
    String listFor(JsonValue.Member member, List<String> mirrors) {
        JsonValue value = member.value();
        Map<String, String> spelled = new HashMap<>();
        value.elements().forEach(entry -> spelled.put(entry.string(), text.substring(entry.start(), entry.end())));
        List<String> entries = mirrors.stream()
                .map(mirror -> Optional.ofNullable(spelled.get(mirror)).orElseGet(() -> quote(mirror)))
                .toList();
        return layoutOf(member).write(entries);
    }

    /** The text with the member added behind the last one, so that it is one insertion and no key moves. */
    String add(List<String> mirrors) {
        List<JsonValue.Member> members = root.members();
        if (members.isEmpty()) {
            String lineBreak = source.lineBreak();
            return replace(root.start() + 1, root.end() - 1, newMember(lineBreak, mirrors) + lineBreak);
        }
        JsonValue.Member last = members.get(members.size() - 1);
        String colon = colonOf(last);
        String lead = leadOf(last).isEmpty() ? spaceAfter(colon) : leadOf(last);
        String value = layoutFor(lead, colon).write(quoted(mirrors));
        int end = last.value().end();
        return replace(end, end, "," + lead + quote(DaemonKeys.REGISTRY_MIRRORS) + colon + value);
    }

    private String replace(int start, int end, String replacement) {
        return text.substring(0, start) + replacement + text.substring(end);
    }

    private Layout layoutOf(JsonValue.Member member) {
        List<JsonValue> elements = member.value().elements();
        String colon = colonOf(member);
        if (elements.isEmpty()) {
            return layoutFor(leadOf(member), colon);
        }
        JsonValue first = elements.get(0);
        JsonValue last = elements.get(elements.size() - 1);
        String open = text.substring(member.value().start() + 1, first.start());
        String close = text.substring(last.end(), member.value().end() - 1);
        List<String> separators = new ArrayList<>();
        for (int i = 1; i < elements.size(); i++) {
            separators.add(
                    text.substring(elements.get(i - 1).end(), elements.get(i).start()));
        }
        if (separators.isEmpty()) {
            separators.add("," + (open.contains("\n") ? open : spaceAfter(colon)));
        }
        return new Layout(open, separators, close);
    }

    private Layout layoutFor(String lead, String colon) {
        if (!lead.contains("\n")) {
            return new Layout("", List.of("," + spaceAfter(colon)), "");
        }
        String indent = lead.substring(lead.lastIndexOf('\n') + 1);
        return Layout.onePerLine(lead, indent.isEmpty() ? DEFAULT_INDENT : step(indent));
    }

    /** What one level adds to the indentation: more than the members have where the whole object is indented. */
    private String step(String indent) {
        int brace = root.end() - 1;
        String outer = text.substring(source.lineStart(brace), brace);
        boolean nested = outer.isBlank() && !outer.isEmpty() && indent.startsWith(outer) && !indent.equals(outer);
        return nested ? indent.substring(outer.length()) : indent;
    }

    /** What stands between a member and the brace or comma before it; of several line breaks only the last. */
    private String leadOf(JsonValue.Member member) {
        int start = member.start();
        while (text.charAt(start - 1) != '{' && text.charAt(start - 1) != ',') {
            start--;
        }
        String blank = text.substring(start, member.start());
        int feed = blank.lastIndexOf('\n');
        return feed < 0 ? blank : source.lineBreak() + blank.substring(feed + 1);
    }

    private String colonOf(JsonValue.Member member) {
        String colon = text.substring(member.nameEnd(), member.value().start());
        return colon.contains("\n") ? ": " : colon;
    }

    private static String spaceAfter(String colon) {
        return colon.endsWith(":") ? "" : " ";
    }

    private static List<String> quoted(List<String> mirrors) {
        return mirrors.stream().map(MirrorsSplice::quote).toList();
    }

    /** A JSON string; half a surrogate pair is escaped, since no encoding can hold it. */
    private static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ' || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }

    /**
     * How an array is laid out.
     *
     * @param open what stands between the bracket and the first entry
     * @param separators what stands between the entries, comma included; the first one serves where entries are added
     * @param close what stands between the last entry and the bracket
     */
    private record Layout(String open, List<String> separators, String close) {

        static Layout onePerLine(String memberBreak, String step) {
            return new Layout(memberBreak + step, List.of("," + memberBreak + step), memberBreak);
        }

        String write(List<String> entries) {
            if (entries.isEmpty()) {
                return "[]";
            }
            StringBuilder array = new StringBuilder("[").append(open);
            for (int i = 0; i < entries.size(); i++) {
                array.append(i == 0 ? "" : separator(i - 1)).append(entries.get(i));
            }
            return array.append(close).append(']').toString();
        }

        private String separator(int index) {
            return separators.get(index < separators.size() ? index : 0);
        }
    }
}
