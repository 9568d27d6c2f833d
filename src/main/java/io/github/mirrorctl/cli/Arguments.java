package io.github.mirrorctl.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The options and operands of a command, in the order in which its help shows them. Told to picocli in code and not by its
 * annotations, since reading those takes it as long as all the rest of a start: src/docs/adr/0008-commands-in-code.md
 */
final class Arguments {
    private final List<Argument<?>> all = new ArrayList<>();
    private @Nullable CommandSpec owner;

    /** An option without a value. */
    Argument<Boolean> flag(String key, String... names) {
        return add(new Argument<Boolean>(List.of(names), boolean.class, boolean.class, "", key))
                .usually(false);
    }

    /** An option with a value. */
    <T> Argument<T> option(Class<T> type, String label, String key, String... names) {
        return add(new Argument<>(List.of(names), type, type, label, key));
    }

    /** An option that may be repeated. */
    <T> Argument<List<T>> options(Class<T> each, String label, String key, String... names) {
        return add(new Argument<List<T>>(List.of(names), List.class, each, label, key))
                .usually(List.of());
    }

    /** A word that is no option, and has to be there. */
    <T> Argument<T> operand(Class<T> type, String label, String key) {
        return add(new Argument<>(List.of(), type, type, label, key));
    }

    /** A word that is no option, and may be left out. */
    <T> Argument<T> optionalOperand(Class<T> type, String label, String key) {
        return operand(type, label, key).times("0..1");
    }

    /** Any number of words that are no options. */
    Argument<List<String>> operands(String label, String key) {
        return add(new Argument<List<String>>(List.of(), List.class, String.class, label, key))
                .usually(List.of())
                .times("0..*");
    }

    private <T> Argument<T> add(Argument<T> argument) {
        all.add(argument);
        return argument;
    }

    /**
     * A command that has them.
     *
     * @param command is run, and told what the command line said by them
     */
    CommandSpec spec(String name, Object command) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name);
        spec.usageMessage().sortOptions(false);
        for (Argument<?> argument : all) {
            spec.add(argument.spec());
        }
        owner = spec;
        return spec;
    }

    /** The command that has them, once picocli was told of it. */
    CommandSpec owner() {
        return Objects.requireNonNull(owner);
    }
}
