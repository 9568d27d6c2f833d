package io.github.mirrorctl.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A command as completion scripts and manual pages need it, from the model that the help is made of.
 *
 * @param path the names behind {@code mirrorctl}, such as {@code catalog add}; empty for the program itself
 */
record CommandTree(String path, CommandSpec spec) {

    /** The program itself and all that can be asked of it, those above before those below. */
    static List<CommandTree> of(CommandSpec root) {
        List<CommandTree> all = new ArrayList<>();
        collect("", root, all);
        return all;
    }

    private static void collect(String path, CommandSpec spec, List<CommandTree> all) {
        if (spec.usageMessage().hidden()) {
            return;
        }
        all.add(new CommandTree(path, spec));
        spec.subcommands().forEach((name, line) -> collect((path + " " + name).strip(), line.getCommandSpec(), all));
    }

    /** The commands right below. */
    List<CommandTree> children() {
        return spec.subcommands().entrySet().stream()
                .map(child -> new CommandTree(
                        (path + " " + child.getKey()).strip(), child.getValue().getCommandSpec()))
                .filter(child -> !child.spec().usageMessage().hidden())
                .toList();
    }

    /** The last of the names. */
    String name() {
        return path.substring(path.lastIndexOf(' ') + 1);
    }

    List<OptionSpec> options() {
        return spec.options().stream().filter(option -> !option.hidden()).toList();
    }

    List<PositionalParamSpec> arguments() {
        return spec.positionalParameters();
    }

    /** What it is for, in a sentence without its full stop. */
    String summary() {
        return withoutStop(firstOf(spec.usageMessage().header()));
    }

    static String description(ArgSpec arg) {
        return firstOf(arg.description());
    }

    /** The first sentence of a description, without its full stop: lists of candidates are narrow. */
    static String brief(ArgSpec arg) {
        String description = description(arg);
        int chinese = description.indexOf('。');
        int english = description.indexOf(". ");
        int end = Math.max(chinese, english);
        return withoutStop(end < 0 ? description : description.substring(0, end));
    }

    private static String firstOf(String[] lines) {
        return lines.length == 0 ? "" : lines[0];
    }

    private static String withoutStop(String sentence) {
        boolean hasStop = sentence.endsWith(".") || sentence.endsWith("。");
        return hasStop ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    /** The root of the tree that a command hangs in. */
    static CommandSpec rootOf(CommandSpec spec) {
        CommandLine top = spec.commandLine();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        return top.getCommandSpec();
    }
}
