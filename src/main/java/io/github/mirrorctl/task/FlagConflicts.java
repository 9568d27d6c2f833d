package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.Argument;
import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ProcessTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds mirrors that are given to dockerd as flags while the file to be edited is {@code daemon.json}. With both it does
 * not start, even if they are equal or the file's list is empty ({@code findConfigurationConflicts} in moby's
 * {@code daemon/config/config.go}).
 *
 * @param inFiles those that the engine will be started with, each with its place
 * @param running the engine's process, where it has mirrors as flags that no file gives it
 * @param onlyRunning the mirrors of that process
 */
record FlagConflicts(
        Platform platform,
        ConfigTarget target,
        List<Argument> inFiles,
        Optional<ProcessTable.Engine> running,
        List<Argument> onlyRunning) {
    FlagConflicts {
        inFiles = List.copyOf(inFiles);
        onlyRunning = List.copyOf(onlyRunning);
    }

    /** None where the target is not what the engine reads, or holds flags itself. */
    static FlagConflicts of(Installation installation) {
        ConfigTarget target = installation.target();
        if (target.format() != ConfigTarget.Format.DAEMON_JSON) {
            return new FlagConflicts(installation.platform(), target, List.of(), Optional.empty(), List.of());
        }
        EngineStart start = installation.start();
        List<Argument> inFiles = target.file().equals(start.target().file())
                ? start.service().commandLine().values(DaemonCommand.REGISTRY_MIRROR)
                : List.of();
        Optional<ProcessTable.Engine> running = start.running()
                .filter(engine -> start.ofRunning()
                        .filter(file -> file.file().equals(target.file()))
                        .isPresent());
        List<String> known = inFiles.stream().map(Argument::text).toList();
        List<Argument> onlyRunning = running.stream()
                .flatMap(engine -> RunningEngine.commandLine(engine).values(DaemonCommand.REGISTRY_MIRROR).stream())
                .filter(flag -> !known.contains(flag.text()))
                .toList();
        return new FlagConflicts(
                installation.platform(),
                target,
                inFiles,
                running.filter(engine -> !onlyRunning.isEmpty()),
                onlyRunning);
    }

    /** @throws Fault {@link FaultCode#CONFIG_CONFLICT} with every such flag's place */
    void require() {
        List<Problem> problems = problems();
        if (problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR)) {
            throw fault(problems);
        }
    }

    Fault fault(List<Problem> problems) {
        return new Fault(FaultCode.CONFIG_CONFLICT, target.file().toString()).with(problems);
    }

    /**
     * A process of the service's own loses its flags at the next restart, so that they are a warning where no file holds
     * them any more; of another process nobody knows how it is started.
     */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        inFiles.forEach(flag -> problems.add(Problem.error("mirror-flag", flag.place(), flag.text())));
        running.ifPresent(engine -> problems.addAll(problemsOf(engine)));
        return problems;
    }

    private List<Problem> problemsOf(ProcessTable.Engine engine) {
        String code = engine.isService() ? "mirror-flag-until-restart" : "mirror-flag-running";
        Severity severity = engine.isService() ? Severity.WARNING : Severity.ERROR;
        return onlyRunning.stream()
                .map(flag ->
                        Problem.of(code, severity, flag.text(), RunningEngine.id(engine), platform.restartCommand()))
                .toList();
    }

    /** Whether only a restart frees the engine of flags with which it would refuse a reload. */
    boolean needsRestart() {
        return running.filter(ProcessTable.Engine::isService).isPresent();
    }
}
