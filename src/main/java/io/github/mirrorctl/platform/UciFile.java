package io.github.mirrorctl.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of OpenWrt's unified configuration interface, as far as its named sections go
 * (https://openwrt.org/docs/guide-user/base-system/uci#file_syntax). A line that cannot be understood says nothing.
 */
public final class UciFile {
    private static final String WORD = "('[^']*'|\"[^\"]*\"|[^\\s'\"#]+)";
    private static final Pattern LINE =
            Pattern.compile("\\s*(config|option|list)\\s+" + WORD + "(?:\\s+" + WORD + ")?\\s*(?:#.*)?");

    /**
     * A value.
     *
     * @param line counted from 1
     * @param text the line itself, without its end
     */
    public record Value(String section, String key, String value, int line, String text) {}

    private final List<Value> values;

    private UciFile(List<Value> values) {
        this.values = values;
    }

    public static UciFile parse(List<String> lines) {
        List<Value> values = new ArrayList<>();
        String section = "";
        for (int i = 0; i < lines.size(); i++) {
            Matcher line = LINE.matcher(lines.get(i));
            if (!line.matches()) {
                continue;
            }
            String value = line.group(3) == null ? "" : unquoted(line.group(3));
            if (line.group(1).equals("config")) {
                section = value;
            } else {
                values.add(new Value(section, unquoted(line.group(2)), value, i + 1, lines.get(i)));
            }
        }
        return new UciFile(values);
    }

    /** The last value of an option, which is the one that counts; empty where it is not set or empty. */
    Optional<String> option(String section, String key) {
        return list(section, key).stream()
                .map(Value::value)
                .reduce((earlier, later) -> later)
                .filter(value -> !value.isEmpty());
    }

    /** The items of a list, in order. */
    public List<Value> list(String section, String key) {
        return values.stream()
                .filter(value -> value.section().equals(section) && value.key().equals(key))
                .toList();
    }

    private static String unquoted(String word) {
        boolean isQuoted = word.startsWith("'") || word.startsWith("\"");
        return isQuoted ? word.substring(1, word.length() - 1) : word;
    }
}
