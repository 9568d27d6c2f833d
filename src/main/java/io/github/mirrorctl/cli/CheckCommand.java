package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.FileNames;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.render.Progress;
import io.github.mirrorctl.task.CheckTask;
import io.github.mirrorctl.task.EngineProxy;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.ProxyChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Says whether the mirrors are live, and if not, why. */
final class CheckCommand implements Subcommand {
    private static final int LONGEST_INPUT = 16 * 1024 * 1024;

    private final Context context;
    private final Arguments arguments = new Arguments();
    private final Argument<String> dockerInfo =
            arguments.option(String.class, "FILE|-", "option.docker-info", "--docker-info");
    private final Argument<String> docker = arguments.option(String.class, "COMMAND", "option.docker", "--docker");
    private final Argument<Path> catalogFile = arguments.option(Path.class, "FILE", "option.catalog", "--catalog");
    private final Argument<Boolean> pull = arguments.flag("option.pull", "--pull");
    private final Argument<String> image = arguments.option(String.class, "IMAGE", "option.check-image", "--image");
    private final Argument<Duration> timeout = arguments
            .option(Duration.class, "TIME", "option.check-timeout", "--timeout")
            .usually(ProbeOptions.USUAL_TIMEOUT);
    private final SystemOptions system = new SystemOptions(arguments);
    private final OutputOptions output = new OutputOptions(arguments);

    CheckCommand(Context context) {
        this.context = context;
    }

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public Integer call() throws InterruptedException {
        ProbeOptions.requireTimeout(timeout.value());
        system.hints().requireMeaning();
        image.given().ifPresent(CheckTask::requireImage);
        Catalog catalog = context.catalog(catalogFile.given());
        Host host = system.host(context.host());
        boolean judgesFile = dockerInfo.given().isEmpty() || system.namesRoot() || system.namesFile();
        CheckTask.Request request = new CheckTask.Request(
                system.hints(),
                dockerInfo.given().map(this::read),
                docker.given().map(command -> List.of(command.strip().split("\\s+"))),
                judgesFile,
                image.given(),
                pull.value() ? Optional.of(timeout.value()) : Optional.empty());
        CheckTask.Report report;
        try (Progress progress = context.progress().during(Progress.Wait.ENGINE)) {
            ProxyChoice route = pull.value() ? EngineProxy.find(host, system.hints()) : ProxyChoice.UNUSED;
            ProbeTask prober = new ProbeTask(catalog, context.trust(), context.resolver(), route);
            report = new CheckTask(host, catalog, new CommandRunner(), prober).run(request, progress::add);
        }
        context.renderer(output.format()).check(report);
        return switch (report.verdict()) {
            case ACTIVE -> report.hasErrors() ? ExitCode.FINDINGS : ExitCode.OK;
            case INACTIVE, DRIFT -> ExitCode.FINDINGS;
            case UNKNOWN -> ExitCode.ENVIRONMENT;
        };
    }

    private byte[] read(String source) {
        return source.equals("-") ? standardInput() : context.read(FileNames.argument(source));
    }

    private byte[] standardInput() {
        try {
            return context.console().in().readNBytes(LONGEST_INPUT);
        } catch (IOException e) {
            throw new Fault(FaultCode.CANNOT_READ, "-", String.valueOf(e.getMessage())).causedBy(e);
        }
    }
}
