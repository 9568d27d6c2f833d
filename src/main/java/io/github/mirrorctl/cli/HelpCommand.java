package io.github.mirrorctl.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;

/** Shows what {@code --help} shows, for those who look for it by this name. */
final class HelpCommand implements Subcommand {
    private final Context context;
    private final Arguments arguments = new Arguments();
    private final Argument<List<String>> names = arguments.operands("COMMAND", "option.command");

    HelpCommand(Context context) {
        this.context = context;
    }

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public Integer call() {
        CommandLine command = arguments.owner().parent().commandLine();
        for (String name : names.value()) {
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
