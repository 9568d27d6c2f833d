package io.github.mirrorctl.cli;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Range;
import picocli.CommandLine.ScopeType;

/**
 * An option or an operand of a command: what picocli has to know of it, and what the command line says of it.
 *
 * @param <T> of its value
 */
final class Argument<T> {
    private final List<String> names;
    private final Class<?> type;
    private final Class<?> each;
    private final String label;
    private final String key;

    private @Nullable T usual;
    private String count = "1";
    private String separator = "";
    private ScopeType scope = ScopeType.LOCAL;
    private Asks asks = Asks.NOTHING;
    /** Only where a command line is parsed: {@code list} alone is none, and starts without a class of picocli. */
    private @Nullable ArgSpec spec;

    private enum Asks {
        NOTHING,
        HELP,
        VERSION
    }

    /**
     * @param names none for an operand
     * @param type what it is as a whole, {@code List.class} where it may be repeated
     * @param each what one of its values is
     * @param label what stands for a value in the help; empty where it has none
     * @param key of its description in the messages
     */
    Argument(List<String> names, Class<?> type, Class<?> each, String label, String key) {
        this.names = names;
        this.type = type;
        this.each = each;
        this.label = label;
        this.key = key;
    }

    /** @param value that it has where the command line names none */
    Argument<T> usually(T value) {
        usual = value;
        return this;
    }

    /** @param range of how many operands there may be, as picocli spells it */
    Argument<T> times(String range) {
        count = range;
        return this;
    }

    /** One word may hold several values, with commas between. */
    Argument<T> splitAtCommas() {
        separator = ",";
        return this;
    }

    /** May stand behind each subcommand, too. */
    Argument<T> everywhere() {
        scope = ScopeType.INHERIT;
        return this;
    }

    /** Shows the help, whatever else the command line lacks. */
    Argument<T> asksForHelp() {
        asks = Asks.HELP;
        return this;
    }

    /** Shows the version, likewise. */
    Argument<T> asksForVersion() {
        asks = Asks.VERSION;
        return this;
    }

    /** What the command line says; empty where it says nothing. */
    Optional<T> given() {
        return spec == null ? Optional.empty() : Optional.ofNullable(spec.getValue());
    }

    /** What the command line says, else what is usual; never asked of one that may lack both. */
    T value() {
        T given = spec == null ? null : spec.getValue();
        return given == null ? Objects.requireNonNull(usual, key) : given;
    }

    /** For picocli, which keeps the value there. */
    ArgSpec spec() {
        spec = names.isEmpty() ? operand() : option();
        return spec;
    }

    private ArgSpec option() {
        return OptionSpec.builder(names.toArray(new String[0]))
                .type(type)
                .auxiliaryTypes(each)
                .paramLabel(label)
                .descriptionKey(key)
                .splitRegex(separator)
                .scopeType(scope)
                .usageHelp(asks == Asks.HELP)
                .versionHelp(asks == Asks.VERSION)
                .build();
    }

    private ArgSpec operand() {
        Range range = Range.valueOf(count);
        return PositionalParamSpec.builder()
                .type(type)
                .auxiliaryTypes(each)
                .paramLabel(label)
                .descriptionKey(key)
                .arity(range)
                .required(range.min() > 0)
                .build();
    }
}
