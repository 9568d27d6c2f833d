package io.github.mirrorctl.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The option that every command has. */
final class OutputOptions {
    /** Loaded only for arguments that were not understood: compiling it takes a start longer than parsing them. */
    private static final class Attached {
        /** The short form may follow other short options that take no value. */
        static final Pattern OUTPUT = Pattern.compile("(?:--output(?:=|$)|-[hqv]*o=?)(.*)");
    }

    private final Argument<OutputFormat> format;

    OutputOptions(Arguments arguments) {
        format = arguments
                .option(OutputFormat.class, "table|wide|plain|json", "option.output", "-o", "--output")
                .usually(OutputFormat.table);
    }

    OutputFormat format() {
        return format.value();
    }

    /** The format that the arguments ask for, for the case that they cannot be parsed. */
    static OutputFormat guess(String[] args) {
        for (int i = 0; i < args.length; i++) {
            Optional<String> attached = attached(args[i]);
            String next = i + 1 < args.length ? args[i + 1] : "";
            String value = attached.filter(text -> !text.isEmpty()).orElse(next);
            if (attached.isPresent() && value.equalsIgnoreCase("json")) {
                return OutputFormat.json;
            }
        }
        return OutputFormat.table;
    }

    /** What stands behind the option in its own argument, which may be nothing; empty for every other argument. */
    private static Optional<String> attached(String arg) {
        Matcher match = Attached.OUTPUT.matcher(arg);
        return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }
}
