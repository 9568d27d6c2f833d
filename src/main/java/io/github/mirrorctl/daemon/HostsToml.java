package io.github.mirrorctl.daemon;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What counts here of a {@code hosts.toml}: how many endpoints it names for its registry. The registry itself is always
 * one; each {@code [host."URL"]} is another (containerd's {@code docs/hosts.md}). Of TOML we read the lines that can open
 * a table, and pass over texts of several lines; whatever else a line holds is containerd's business.
 *
 * @param hosts the addresses of the tables, in the file's order
 * @param firstHost the line of the first one, counted from 1
 * @param oddLine the first line that is no TOML for all that we know; with one, the engine takes nothing of the file
 */
public record HostsToml(List<String> hosts, OptionalInt firstHost, OptionalInt oddLine) {
    private static final String KEY = "(?:[A-Za-z0-9_-]+|\"[^\"\\\\]*\"|'[^']*')";
    private static final String DOTTED = KEY + "(?:\\s*\\.\\s*" + KEY + ")*";
    private static final Pattern TABLE = Pattern.compile("\\[{1,2}\\s*(" + DOTTED + ")\\s*]{1,2}\\s*(?:#.*)?");
    private static final Pattern HOST =
            Pattern.compile("(?:host|\"host\"|'host')\\s*\\.\\s*(?:\"([^\"]*)\"|'([^']*)')");
    private static final Pattern PAIR = Pattern.compile(DOTTED + "\\s*=\\s*(\\S.*)");
    private static final List<String> LONG_QUOTES = List.of("\"\"\"", "'''");

    public HostsToml {
        hosts = List.copyOf(hosts);
    }

    /** Reads a file's bytes. Never fails: what is not understood is {@link #oddLine}. */
    public static HostsToml parse(byte[] content) {
        return new Reader(new String(content, StandardCharsets.UTF_8).lines().toList()).read();
    }

    /** Those of the file's tables and the registry itself. */
    public int endpoints() {
        return hosts.size() + 1;
    }

    /** Goes through the lines once. */
    private static final class Reader {
        private final List<String> lines;
        private final List<String> hosts = new ArrayList<>();
        private OptionalInt firstHost = OptionalInt.empty();
        private int brackets;
        private Optional<String> openQuote = Optional.empty();

        Reader(List<String> lines) {
            this.lines = lines;
        }

        HostsToml read() {
            OptionalInt odd = IntStream.range(0, lines.size())
                    .filter(i -> !take(lines.get(i).strip(), i + 1))
                    .map(i -> i + 1)
                    .findFirst();
            boolean isOpen = brackets > 0 || openQuote.isPresent();
            return new HostsToml(hosts, firstHost, odd.isEmpty() && isOpen ? OptionalInt.of(lines.size()) : odd);
        }

        /** Whether the line is one that TOML has. */
        private boolean take(String line, int number) {
            if (openQuote.isPresent()) {
                openQuote = openQuote.filter(quote -> !line.contains(quote));
                return true;
            }
            if (brackets > 0) {
                return value(line);
            }
            if (line.isEmpty() || line.startsWith("#")) {
                return true;
            }
            Matcher table = TABLE.matcher(line);
            if (table.matches()) {
                host(table.group(1), number);
                return true;
            }
            Matcher pair = PAIR.matcher(line);
            return pair.matches() && value(pair.group(1));
        }

        private void host(String name, int number) {
            Matcher host = HOST.matcher(name);
            if (host.matches()) {
                hosts.add(PlainText.of(host.group(1) == null ? host.group(2) : host.group(1)));
                firstHost = firstHost.isPresent() ? firstHost : OptionalInt.of(number);
            }
        }

        /** A value, or the part of an array that stands on this line: its texts must end, its brackets may stay open. */
        private boolean value(String text) {
            for (String quote : LONG_QUOTES) {
                if (text.startsWith(quote)) {
                    openQuote =
                            Optional.of(quote).filter(open -> !text.substring(3).contains(open));
                    return true;
                }
            }
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '#') {
                    return true;
                }
                if (c == '"' || c == '\'') {
                    i = end(text, i);
                    if (i < 0) {
                        return false;
                    }
                }
                brackets += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
            }
            return brackets >= 0;
        }

        /** Where a text ends that begins with a quote; negative where it does not on this line. */
        private static int end(String text, int start) {
            char quote = text.charAt(start);
            for (int i = start + 1; i < text.length(); i++) {
                if (quote == '"' && text.charAt(i) == '\\') {
                    i++;
                } else if (text.charAt(i) == quote) {
                    return i;
                }
            }
            return -1;
        }
    }
}
