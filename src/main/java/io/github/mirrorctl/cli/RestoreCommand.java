package io.github.mirrorctl.cli;

import io.github.mirrorctl.task.RestoreTask;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a backup back, or shows which there are. */
@Command(name = "restore", sortOptions = false)
final class RestoreCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", arity = "0..1", descriptionKey = "option.backup-id")
    private Optional<String> id = Optional.empty();

    @Option(names = "--list", descriptionKey = "option.list-backups")
    private boolean list;

    @Option(names = "--force", descriptionKey = "option.force")
    private boolean force;

    @Mixin
    private SystemOptions system = new SystemOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    RestoreCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        RestoreTask task = new RestoreTask(system.host(context.host()), context.clock());
        if (!list) {
            context.pointOfNoReturn().pass();
        }
        RestoreTask.Report report = list ? task.list(system.hints()) : task.restore(system.hints(), id, force);
        context.renderer(output.format).restore(report);
        return ExitCode.OK;
    }
}
