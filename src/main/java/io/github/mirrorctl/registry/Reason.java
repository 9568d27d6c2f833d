package io.github.mirrorctl.registry;

import java.util.List;
import java.util.Optional;

/**
 * Why a probe came to its verdict, or what else it saw. The sentence stands in the message bundles under
 * {@code reason.} and the code.
 *
 * @param arguments may hold a server's words: cut to a bound, but not yet cleaned for a terminal
 * @param further what is to be said beside it
 */
public record Reason(String code, List<String> arguments, Optional<Reason> further) {
    private static final int LONGEST_ARGUMENT = 200;

    public Reason {
        arguments = arguments.stream().map(Reason::cut).toList();
    }

    public static Reason of(String code, String... arguments) {
        return new Reason(code, List.of(arguments), Optional.empty());
    }

    /** Both, this one first. */
    public Reason and(Reason other) {
        Reason rest = further.map(reason -> reason.and(other)).orElse(other);
        return new Reason(code, arguments, Optional.of(rest));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_ARGUMENT ? text : text.substring(0, LONGEST_ARGUMENT) + "…";
    }
}
