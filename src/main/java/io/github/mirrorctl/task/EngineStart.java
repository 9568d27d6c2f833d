package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ProcessTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the engine is started: by the files of the machine, and by the command line that the running one received. It tells
 * which {@code daemon.json} the engine reads, since {@code --config-file} can name another than the platform's. What the
 * service is started with counts; where nothing on the machine tells that, the running process does. Immutable; of the
 * machine it tells what was read when it was made.
 */
public final class EngineStart {
    static final String CONFIG_FILE = "--config-file";

    private final Host host;
    private final Platform platform;
    private final DaemonArguments service;
    private final Optional<ProcessTable.Engine> running;

    private EngineStart(Host host, Platform platform, DaemonArguments service, Optional<ProcessTable.Engine> running) {
        this.host = host;
        this.platform = platform;
        this.service = service;
        this.running = running;
    }

    static EngineStart of(Host host, Platform platform) {
        return new EngineStart(host, platform, DaemonArguments.of(host, platform), RunningEngine.of(host, platform));
    }

    Host host() {
        return host;
    }

    /** The flags that files give. */
    DaemonArguments service() {
        return service;
    }

    /** The engine's process, where it is seen to run. */
    Optional<ProcessTable.Engine> running() {
        return running;
    }

    /** The file that the engine reads the next time it starts. */
    ConfigTarget target() {
        DaemonCommand start = service.commandLine();
        return start.isEmpty() ? ofRunning().orElseGet(() -> platform.daemonJson(host)) : fileOf(start);
    }

    /** The file that the running engine has read; empty where none is seen to run. */
    Optional<ConfigTarget> ofRunning() {
        return running.map(this::readBy);
    }

    /** The file that a process has read. */
    ConfigTarget readBy(ProcessTable.Engine engine) {
        return fileOf(RunningEngine.commandLine(engine));
    }

    private ConfigTarget fileOf(DaemonCommand start) {
        return start.lastValue(CONFIG_FILE).map(flag -> at(flag.text())).orElseGet(() -> platform.daemonJson(host));
    }

    /** A service runs in the root folder. */
    private ConfigTarget at(String path) {
        return ConfigTarget.daemonJson(host, path.startsWith("/") ? path : "/" + path);
    }

    /** What a file sets although a flag does with which the service is started; nothing where that reads another file. */
    List<Problem> conflicts(EngineFile file, ConfigTarget target) {
        return target.file().equals(target().file()) ? file.conflicts(service.commandLine()) : List.of();
    }

    /** What the owner of a target should know: that another file was meant to be it, or is, and which could not be read. */
    List<Problem> problems(ConfigTarget target) {
        List<Problem> problems = new ArrayList<>();
        ConfigTarget usual = platform.daemonJson(host);
        boolean follows = target.equals(target()) && !target.equals(usual);
        DaemonCommand start = service.commandLine();
        Path named = fileOf(start).file();
        start.lastValue(CONFIG_FILE).ifPresent(flag -> {
            if (follows) {
                problems.add(new Problem(
                        "config-file-elsewhere",
                        Severity.INFO,
                        List.of(named.toString(), usual.file().toString()),
                        Optional.of(flag.place())));
            } else if (!target.file().equals(named)) {
                problems.add(Problem.warning(
                        "config-file-not-read",
                        flag.place(),
                        named.toString(),
                        target.file().toString()));
            }
        });
        if (running.isPresent() && !start.isEmpty()) {
            String runs = ofRunning().orElseThrow().file().toString();
            String starts = named.toString();
            if (!runs.equals(starts)) {
                problems.add(Problem.of(
                        "config-file-differs",
                        Severity.WARNING,
                        RunningEngine.id(running.get()),
                        runs,
                        starts,
                        platform.restartCommand()));
            }
        } else if (running.isPresent() && follows) {
            problems.add(Problem.of(
                    "config-file-running",
                    Severity.INFO,
                    RunningEngine.id(running.get()),
                    target.file().toString(),
                    usual.file().toString()));
        }
        problems.addAll(service.unknown());
        return problems;
    }
}
