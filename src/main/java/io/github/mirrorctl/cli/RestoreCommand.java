package io.github.mirrorctl.cli;

import io.github.mirrorctl.task.RestoreTask;

/** Puts a backup back, or shows which there are. */
final class RestoreCommand implements Subcommand {
    private final Context context;
    private final Arguments arguments = new Arguments();
    private final Argument<String> id = arguments.optionalOperand(String.class, "ID", "option.backup-id");
    private final Argument<Boolean> list = arguments.flag("option.list-backups", "--list");
    private final Argument<Boolean> force = arguments.flag("option.force", "--force");
    private final SystemOptions system = new SystemOptions(arguments);
    private final OutputOptions output = new OutputOptions(arguments);

    RestoreCommand(Context context) {
        this.context = context;
    }

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public Integer call() throws InterruptedException {
        RestoreTask task = new RestoreTask(system.host(context.host()), context.clock());
        if (!list.value()) {
            context.pointOfNoReturn().pass();
        }
        RestoreTask.Report report =
                list.value() ? task.list(system.hints()) : task.restore(system.hints(), id.given(), force.value());
        context.renderer(output.format()).restore(report);
        return ExitCode.OK;
    }
}
