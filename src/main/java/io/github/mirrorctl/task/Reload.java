package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.daemon.RestartEffect;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ProcessTable;
import io.github.mirrorctl.platform.RestartStep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the engine can be made to take the file, found out before anything is written, so that what cannot be done is
 * refused while nothing has changed. It is the engine that listens where the docker client would ask: its process gets
 * the signal, and it must be one that reads the file.
 *
 * @param steps what is run, in order
 * @param address where the engine is asked
 * @param process the engine's, where it is seen
 * @param running the mirrors that it has now; empty where it does not run
 * @param effect of a restart on its containers
 * @param notes what should be known beforehand
 */
public record Reload(
        Installation installation,
        Way way,
        List<RestartStep> steps,
        String address,
        Optional<ProcessTable.Engine> process,
        Optional<List<String>> running,
        RestartEffect effect,
        List<Problem> notes) {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** By what the engine is told. */
    public enum Way {
        /** Its service manager tells it to read its file again. */
        SERVICE,
        /** We do, by SIGHUP, where no service manager knows it. */
        SIGNAL,
        RESTART
    }

    /** What the user allows. */
    public enum Mode {
        /** The commands are printed. */
        PRINT,
        RELOAD,
        /** A restart too, where a reload is not enough. */
        RESTART
    }

    public Reload {
        steps = List.copyOf(steps);
        running = running.map(List::copyOf);
        notes = List.copyOf(notes);
    }

    /**
     * Finds the way.
     *
     * @param flags those that leave the engine's files; a reload does not change flags
     * @throws Fault where the file is not ours, or its engine does not answer, reads another file, or takes no orders from
     *     this user
     */
    static Reload find(Installation installation, Mode mode, MovedFlags flags, boolean flagsLeave, Means means)
            throws InterruptedException {
        Host host = installation.host();
        ConfigTarget target = installation.target();
        if (!target.format().isEdited()) {
            throw new Fault(FaultCode.RELOAD_BY_HAND, target.file().toString());
        }
        String address = address(installation);
        Optional<ProcessTable.Engine> process =
                EngineApi.socket(address).flatMap(socket -> new ProcessTable(host).listeningAt(socket));
        EngineApi.Answer answer = means.info().ask(address, PATIENCE);
        DockerInfo info = DockerInfo.parse(answer.body());
        boolean mayStart = mode == Mode.RESTART && isDown(answer.outcome());
        if (info.mirrors().isEmpty() && !mayStart) {
            throw unreachable(installation, address, answer.outcome());
        }
        Optional<EngineVersion> version = info.engineVersion();
        boolean canReload = target.format() == ConfigTarget.Format.DAEMON_JSON
                && info.mirrors().isPresent()
                && !flagsLeave
                && version.map(EngineVersion::reloadsMirrors).orElse(true);
        Way way = way(installation.platform(), process, canReload);
        List<RestartStep> steps = steps(installation, way, process, flags.unitChanges());
        requireRights(host, way, steps, process);
        requireReader(installation, process);
        RestartEffect effect = RestartEffect.UNKNOWN;
        if (way == Way.RESTART && info.mirrors().isPresent()) {
            EngineApi.Answer containers = means.containers().ask(address, PATIENCE);
            effect = RestartEffect.of(answer.body(), containers.body());
        }
        List<Problem> notes = new ArrayList<>();
        if (way == Way.RESTART && info.mirrors().isPresent()) {
            notes.addAll(ofEffect(effect));
        }
        if (way != Way.RESTART) {
            notes.addAll(ofReload(installation, process, version));
        }
        return new Reload(installation, way, steps, address, process, info.mirrors(), effect, notes);
    }

    /** Where the client asks, if that is this machine; else where the platform's engine usually listens. */
    private static String address(Installation installation) {
        Host host = installation.host();
        EngineAddress client = EngineAddress.of(host);
        boolean isChosen = client.origin().isPresent() && client.address().isPresent() && client.isLocal();
        if (!isChosen && installation.platform() == Platform.ROOTLESS) {
            return EngineAddress.rootless(host).orElseGet(() -> EngineApi.usualAddress(host));
        }
        return isChosen ? client.address().get() : EngineApi.usualAddress(host);
    }

    /** An engine that reads another file would be reloaded in vain. */
    private static void requireReader(Installation installation, Optional<ProcessTable.Engine> process) {
        ConfigTarget target = installation.target();
        if (target.format() != ConfigTarget.Format.DAEMON_JSON) {
            return;
        }
        Host host = installation.host();
        EngineStart start = installation.start();
        ConfigTarget read = process.map(start::readBy).orElseGet(start::target);
        ConfigStore store = new ConfigStore(host);
        Path file = store.behindLinks(read.file());
        if (!file.equals(store.behindLinks(target.file()))) {
            throw new Fault(
                    FaultCode.ENGINE_READS_ANOTHER,
                    target.file().toString(),
                    read.file().toString());
        }
    }

    static boolean isDown(EngineApi.Outcome outcome) {
        return outcome == EngineApi.Outcome.NOBODY_THERE || outcome == EngineApi.Outcome.NOT_UNDERSTOOD;
    }

    private static Fault unreachable(Installation installation, String address, EngineApi.Outcome outcome) {
        String reason =
                switch (outcome) {
                    case PERMISSION_DENIED -> "permission-denied";
                    case SILENT -> "engine-silent";
                    case NOBODY_THERE -> "engine-not-there";
                    case ANSWERED, NOT_UNDERSTOOD -> "engine-not-understood";
                };
        return new Fault(
                FaultCode.ENGINE_UNREACHABLE,
                address,
                reason,
                installation.target().file().toString(),
                installation.platform().startCommand());
    }

    private static Way way(Platform platform, Optional<ProcessTable.Engine> process, boolean canReload) {
        if (!canReload) {
            return Way.RESTART;
        }
        boolean hasReload = !platform.fallbackCommands().isEmpty();
        // OpenRC leaves no mark on a process by which to tell whether it is its own.
        boolean isManaged = platform == Platform.OPENRC
                || process.map(ProcessTable.Engine::isService).orElse(true);
        if (hasReload && isManaged) {
            return Way.SERVICE;
        }
        return process.isPresent() ? Way.SIGNAL : Way.RESTART;
    }

    private static List<RestartStep> steps(
            Installation installation, Way way, Optional<ProcessTable.Engine> process, boolean unitChanges) {
        return switch (way) {
            case SERVICE -> RestartStep.of(installation.platform().commands());
            case SIGNAL -> List.of(RestartStep.hangUp(process.orElseThrow().id()));
            case RESTART -> RestartStep.of(installation.commands(true, unitChanges));
        };
    }

    private static void requireRights(
            Host host, Way way, List<RestartStep> steps, Optional<ProcessTable.Engine> process) {
        boolean isOwner = process.flatMap(new ProcessTable(host)::owner)
                .map(host.user()::equals)
                .orElse(true);
        boolean isAllowed =
                host.isRoot() || (way == Way.SIGNAL ? isOwner : steps.stream().noneMatch(RestartStep::needsRoot));
        if (!isAllowed) {
            throw new Fault(FaultCode.RELOAD_DENIED, printed(steps), "permission-denied");
        }
    }

    private static String printed(List<RestartStep> steps) {
        return steps.stream().map(RestartStep::printed).collect(Collectors.joining(" && "));
    }

    private static List<Problem> ofEffect(RestartEffect effect) {
        if (!effect.isKnown()) {
            return List.of(Problem.of("restart-effect-unknown", Severity.WARNING));
        }
        List<Problem> notes = new ArrayList<>();
        if (!effect.stopping().isEmpty()) {
            notes.add(Problem.of("restart-stops", Severity.WARNING, String.join(", ", effect.stopping())));
        }
        if (!effect.staying().isEmpty()) {
            notes.add(Problem.of("restart-keeps", Severity.INFO, String.join(", ", effect.staying())));
        }
        if (notes.isEmpty()) {
            notes.add(Problem.of("restart-stops-nothing", Severity.INFO));
        }
        return notes;
    }

    private static List<Problem> ofReload(
            Installation installation, Optional<ProcessTable.Engine> process, Optional<EngineVersion> version) {
        List<Problem> notes = new ArrayList<>();
        Path file = installation.target().file();
        ProcessTable processes = new ProcessTable(installation.host());
        process.flatMap(processes::started)
                .flatMap(start -> new ConfigStore(installation.host())
                        .changedByOthers(file)
                        .filter(start::isBefore))
                .ifPresent(time -> notes.add(Problem.of("reload-applies-all", Severity.INFO, file.toString())));
        version.filter(engine -> !engine.buildsWithReloadedMirrors())
                .ifPresent(engine -> notes.add(Problem.of("builds-after-restart", Severity.INFO, engine.toString())));
        return notes;
    }

    /**
     * Refuses what only a restart can do, where that is not allowed.
     *
     * @throws Fault {@link FaultCode#NEEDS_RESTART} with the containers that would stop
     */
    void requireAllowed(Mode mode) {
        if (way == Way.RESTART && mode != Mode.RESTART) {
            throw new Fault(FaultCode.NEEDS_RESTART, printed(steps)).with(notes);
        }
    }

    /** Whether the engine has a list already. */
    boolean isRunning(List<String> mirrors) {
        return running.filter(now -> MirrorLists.areSame(now, mirrors)).isPresent();
    }
}
