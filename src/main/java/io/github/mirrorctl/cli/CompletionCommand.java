package io.github.mirrorctl.cli;

import io.github.mirrorctl.mirror.CatalogReader;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what teaches a shell to complete our commands, options and their values. */
@Command(name = "completion", sortOptions = false)
final class CompletionCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "bash|zsh|fish|powershell", descriptionKey = "option.shell")
    private CompletionScript.Shell shell = CompletionScript.Shell.bash;

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    CompletionCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        CompletionScript script = new CompletionScript(CommandTree.rootOf(spec), CatalogReader.bundled());
        context.console().out().print(script.of(shell));
        return ExitCode.OK;
    }
}
