package io.github.mirrorctl.registry;

import java.util.List;
import java.util.Optional;

/**
 * Why a probe came to its verdict, or what else it saw. The sentence stands in the message bundles under
 * {@code reason.} and the code.
 *
 * @param arguments may hold a server's words: in one line and cut to a bound, but not yet cleaned for a terminal
 * @param further what is to be said beside it
 */
public record Reason(String code, List<String> arguments, Optional<Reason> further) {
    private static final int LONGEST_ARGUMENT = 200;

    public Reason {
        arguments = arguments.stream().map(Reason::inOneLine).map(Reason::cut).toList();
    }

    public static Reason of(String code, String... arguments) {
        return new Reason(code, List.of(arguments), Optional.empty());
    }

    /** Both, this one first. */
    public Reason and(Reason other) {
        Reason rest = further.map(reason -> reason.and(other)).orElse(other);
        return new Reason(code, arguments, Optional.of(rest));
    }

    /** So that nobody's words can pass for a line of ours. */
    private static String inOneLine(String text) {
        return text.replace("\r\n", " ").replace('\n', ' ').replace('\t', ' ');
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST_ARGUMENT) {
            return text;
        }
        boolean splitsPair = Character.isHighSurrogate(text.charAt(LONGEST_ARGUMENT - 1));
        return text.substring(0, LONGEST_ARGUMENT - (splitsPair ? 1 : 0)) + "…";
    }
}
