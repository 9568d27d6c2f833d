package io.github.mirrorctl.cli;

import io.github.mirrorctl.render.Wrapping;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * What picocli cannot lay out of a command's help. On a terminal that is narrower than it takes, that is all: what explains
 * a word stands below it instead of beside it. Elsewhere it is the examples, whose commands it would break.
 */
final class NarrowHelp {
    /** What picocli takes at least. */
    static final int LEAST_OF_PICOCLI = 55;

    private static final String INDENT = "  ";
    private static final String EXPLANATION = "      ";

    private final CommandTree command;
    private final UsageMessageSpec texts;
    private final int columns;
    private final List<String> lines = new ArrayList<>();

    private NarrowHelp(CommandSpec spec, int columns) {
        this.command = new CommandTree("", spec);
        this.texts = spec.usageMessage();
        this.columns = columns;
    }

    /** Has all commands of a line show their help so. */
    static void install(CommandLine line, int columns) {
        String key = "narrow";
        line.setHelpSectionKeys(List.of(key));
        line.getSubcommands().values().forEach(child -> install(child, columns));
        line.getHelpSectionMap().put(key, help -> new NarrowHelp(help.commandSpec(), columns).text());
    }

    /** Has all commands of a line show their examples so, where they do not fit beside what explains them. */
    static void installExamples(CommandLine line, int columns) {
        line.getSubcommands().values().forEach(child -> installExamples(child, columns));
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, new CommandLine.IHelpSectionRenderer() {
            @Override
            public String render(CommandLine.Help help) {
                NarrowHelp examples = new NarrowHelp(help.commandSpec(), columns);
                examples.addExamples();
                return examples.joined();
            }
        });
    }

    private String text() {
        add(heading(texts.synopsisHeading()) + synopsis());
        Stream.of(texts.header()).forEach(this::block);
        if (!command.arguments().isEmpty()) {
            add(heading(texts.parameterListHeading()));
            command.arguments().forEach(argument -> explained(label(argument), CommandTree.description(argument)));
        }
        add(heading(texts.optionListHeading()));
        command.options().forEach(option -> explained(label(option), CommandTree.description(option)));
        if (!command.children().isEmpty()) {
            add(heading(texts.commandListHeading()));
            command.children().forEach(child -> explained(child.name(), child.summary()));
        }
        if (!texts.exitCodeList().isEmpty()) {
            add(heading(texts.exitCodeListHeading()));
            texts.exitCodeList().forEach((code, meaning) -> add(INDENT + code + " " + meaning));
        }
        if (texts.footer().length > 0) {
            add(heading(texts.footerHeading()));
            addExamples();
        }
        return joined();
    }

    private String joined() {
        return lines.stream().map(line -> line + System.lineSeparator()).collect(Collectors.joining());
    }

    private void addExamples() {
        List<String> examples = List.of(texts.footer());
        if (examples.stream().allMatch(line -> Wrapping.fits(line, columns))) {
            lines.addAll(examples);
        } else {
            examples.forEach(this::example);
        }
    }

    private void add(String text) {
        lines.addAll(Wrapping.lines(text, columns));
    }

    private void block(String text) {
        lines.addAll(Wrapping.block(text, columns));
    }

    private void explained(String word, String explanation) {
        lines.add(INDENT + word);
        block(EXPLANATION + explanation);
    }

    /** A command, and behind some blanks what it is for. */
    private void example(String line) {
        String[] sides = line.strip().split(" {2,}", 2);
        if (sides.length == 1) {
            add(INDENT + sides[0]);
        } else {
            explained(sides[0], sides[1]);
        }
    }

    private static String heading(String format) {
        return format.replace("%n", "\n");
    }

    private String synopsis() {
        StringBuilder line = new StringBuilder(command.spec().qualifiedName()).append(" [OPTION]...");
        for (PositionalParamSpec argument : command.arguments()) {
            line.append(' ').append(label(argument));
        }
        return line.append(command.children().isEmpty() ? "" : " COMMAND").toString();
    }

    private static String label(PositionalParamSpec argument) {
        String label = argument.arity().max() > 1 ? argument.paramLabel() + "..." : argument.paramLabel();
        return argument.arity().min() == 0 ? "[" + label + "]" : label;
    }

    private static String label(OptionSpec option) {
        String names = String.join(", ", option.names());
        return CommandTree.takesValue(option) ? names + "=" + option.paramLabel() : names;
    }
}
