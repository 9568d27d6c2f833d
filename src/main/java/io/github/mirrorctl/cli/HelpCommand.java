package io.github.mirrorctl.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Shows what {@code --help} shows, for those who look for it by this name. */
@Command(name = "help", sortOptions = false)
final class HelpCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", descriptionKey = "option.command")
    private List<String> names = List.of();

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    HelpCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        CommandLine command = spec.parent().commandLine();
        for (String name : names) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null) {
                throw new UnmatchedArgumentException(command, List.of(name));
            }
            command = next;
        }
        command.usage(context.console().out());
        return ExitCode.OK;
    }
}
