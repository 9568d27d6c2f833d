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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says whether the mirrors are live, and if not, why. */
@Command(name = "check", sortOptions = false)
final class CheckCommand implements Callable<Integer> {
    private static final int LONGEST_INPUT = 16 * 1024 * 1024;

    private final Context context;

    @Option(names = "--docker-info", paramLabel = "FILE|-", descriptionKey = "option.docker-info")
    private Optional<String> dockerInfo = Optional.empty();

    @Option(names = "--docker", paramLabel = "COMMAND", descriptionKey = "option.docker")
    private Optional<String> docker = Optional.empty();

    @Option(names = "--catalog", paramLabel = "FILE", descriptionKey = "option.catalog")
    private Optional<Path> catalogFile = Optional.empty();

    @Option(names = "--pull", descriptionKey = "option.pull")
    private boolean pull;

    @Option(names = "--image", paramLabel = "IMAGE", descriptionKey = "option.check-image")
    private Optional<String> image = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            descriptionKey = "option.check-timeout",
            converter = DurationConverter.class)
    private Duration timeout = ProbeOptions.USUAL_TIMEOUT;

    @Mixin
    private SystemOptions system = new SystemOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    CheckCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        ProbeOptions.requireTimeout(timeout);
        Catalog catalog = context.catalog(catalogFile);
        Host host = system.host(context.host());
        boolean judgesFile = dockerInfo.isEmpty() || system.root.isPresent() || system.config.isPresent();
        CheckTask.Request request = new CheckTask.Request(
                system.hints(),
                dockerInfo.map(this::read),
                docker.map(command -> List.of(command.strip().split("\\s+"))),
                judgesFile,
                image,
                pull ? Optional.of(timeout) : Optional.empty());
        CheckTask.Report report;
        try (Progress progress = context.progress().during(Progress.Wait.ENGINE)) {
            ProxyChoice route = pull ? EngineProxy.find(host, system.hints()) : ProxyChoice.UNUSED;
            ProbeTask prober = new ProbeTask(catalog, context.trust(), route);
            report = new CheckTask(host, catalog, new CommandRunner(), prober).run(request, progress::add);
        }
        context.renderer(output.format).check(report);
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
