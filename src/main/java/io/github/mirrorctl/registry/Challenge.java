package io.github.mirrorctl.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One challenge of a {@code WWW-Authenticate} header (RFC 9110, section 11.6.1): a scheme and its parameters by name,
 * in whatever order and quoting they came.
 *
 * @param scheme in lower case, such as {@code bearer}
 * @param parameters names in lower case
 */
public record Challenge(String scheme, Map<String, String> parameters) {

    public Challenge {
        parameters = Map.copyOf(parameters);
    }

    /** Reads all challenges of all such headers. Never fails: what cannot be read is passed over. */
    public static List<Challenge> parse(List<String> headers) {
        List<Challenge> challenges = new ArrayList<>();
        for (String header : headers) {
            new Reader(header).readInto(challenges);
        }
        return challenges;
    }

    /** The first challenge with that scheme. */
    public static Optional<Challenge> find(List<Challenge> challenges, String scheme) {
        return challenges.stream().filter(c -> c.scheme.equals(scheme)).findFirst();
    }

    /** The same challenge without one of its parameters. */
    Challenge without(String name) {
        Map<String, String> others = new LinkedHashMap<>(parameters);
        others.remove(name);
        return new Challenge(scheme, others);
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /**
     * One header may hold several challenges, and a comma separates both parameters and challenges. A word with an
     * equals sign behind it is a parameter, any other word begins a challenge.
     */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void readInto(List<Challenge> challenges) {
            String scheme = "";
            Map<String, String> parameters = new LinkedHashMap<>();
            while (at < text.length()) {
                int start = at;
                String word = word();
                if (word.isEmpty()) {
                    at = Math.max(at, start + 1);
                    continue;
                }
                int afterWord = at;
                skipBlanks();
                if (peek() == '=') {
                    at++;
                    skipBlanks();
                    String value = value();
                    if (!scheme.isEmpty()) {
                        parameters.putIfAbsent(word.toLowerCase(Locale.ROOT), value);
                    }
                } else {
                    at = afterWord;
                    if (!scheme.isEmpty()) {
                        challenges.add(new Challenge(scheme, parameters));
                        parameters = new LinkedHashMap<>();
                    }
                    scheme = word.toLowerCase(Locale.ROOT);
                }
            }
            if (!scheme.isEmpty()) {
                challenges.add(new Challenge(scheme, parameters));
            }
        }

        private int peek() {
            return at < text.length() ? text.charAt(at) : -1;
        }

        private void skipBlanks() {
            while (peek() == ' ' || peek() == '\t') {
                at++;
            }
        }

        private String word() {
            while (peek() == ' ' || peek() == '\t' || peek() == ',') {
                at++;
            }
            int start = at;
            while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        private String value() {
            if (peek() != '"') {
                int start = at;
                // An unquoted realm may hold an equals sign in its query.
                while (at < text.length() && " \t,\"".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                return text.substring(start, at);
            }
            at++;
            StringBuilder value = new StringBuilder();
            while (at < text.length() && peek() != '"') {
                if (peek() == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at++));
            }
            at++;
            return value.toString();
        }
    }
}
