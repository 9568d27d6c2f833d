package io.github.mirrorctl.cli;

import io.github.mirrorctl.mirror.CatalogReader;

/** Prints what teaches a shell to complete our commands, options and their values. */
final class CompletionCommand implements Subcommand {
    private final Context context;
    private final Arguments arguments = new Arguments();
    private final Argument<CompletionScript.Shell> shell =
            arguments.operand(CompletionScript.Shell.class, "bash|zsh|fish|powershell", "option.shell");

    CompletionCommand(Context context) {
        this.context = context;
    }

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public Integer call() {
        CompletionScript script = new CompletionScript(CommandTree.rootOf(arguments.owner()), CatalogReader.bundled());
        context.console().out().print(script.of(shell.value()));
        return ExitCode.OK;
    }
}
