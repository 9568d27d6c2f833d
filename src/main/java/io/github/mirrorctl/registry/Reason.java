package io.github.mirrorctl.registry;

import java.util.List;

/**
 * Why a probe came to its verdict, or what else it saw. The sentence stands in the message bundles under
 * {@code reason.} and the code.
 *
 * @param arguments may hold a server's words: cut to a bound, but not yet cleaned for a terminal
 */
public record Reason(String code, List<String> arguments) {
    private static final int LONGEST_ARGUMENT = 200;

    public Reason {
        arguments = arguments.stream().map(Reason::cut).toList();
    }

    public static Reason of(String code, String... arguments) {
        return new Reason(code, List.of(arguments));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_ARGUMENT ? text : text.substring(0, LONGEST_ARGUMENT) + "…";
    }
}
