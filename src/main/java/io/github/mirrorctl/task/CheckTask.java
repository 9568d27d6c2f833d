package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.Argument;
import io.github.mirrorctl.daemon.DaemonConfig;
import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Compares what the files say with what the daemon has, and says why where they differ. */
public final class CheckTask {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Host host;
    private final Catalog catalog;
    private final CommandRunner commands;

    public CheckTask(Host host, Catalog catalog, CommandRunner commands) {
        this.host = host;
        this.catalog = catalog;
        this.commands = commands;
    }

    /** Whether the mirrors that are configured are those that run. */
    public enum Verdict {
        ACTIVE,
        /** The daemon runs without mirrors. */
        INACTIVE,
        /** The daemon's mirrors are not those of the file. */
        DRIFT,
        /** The daemon did not tell. */
        UNKNOWN;

        private final String key = name().toLowerCase(Locale.ROOT);

        /** As JSON spells it. */
        public String key() {
            return key;
        }
    }

    /**
     * What to compare.
     *
     * @param dockerInfo the output of {@code docker info} in any Unicode encoding, where the user gives it
     * @param docker the command to ask otherwise; empty where the engine itself is to be asked before
     *     {@code docker}
     * @param judgesFile whether the file counts, which it does not where only an output is given
     */
    public record Request(
            Installation.Hints hints, Optional<byte[]> dockerInfo, Optional<List<String>> docker, boolean judgesFile) {}

    /**
     * What was found.
     *
     * @param installation empty where the file was not looked at
     * @param configured as the file spells them
     * @param running as the daemon spells them
     */
    public record Report(
            Verdict verdict,
            Optional<Installation> installation,
            List<String> configured,
            List<String> running,
            DockerInfo info,
            List<Problem> findings) {

        public Report {
            configured = List.copyOf(configured);
            running = List.copyOf(running);
            findings = List.copyOf(findings);
        }

        public boolean hasErrors() {
            return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
        }
    }

    /**
     * Compares.
     *
     * @throws Fault {@link FaultCode#CONFIG_INVALID} where the file cannot be understood,
     *     {@link FaultCode#DOCKER_INFO_UNREADABLE} where the output that the user gave is none
     */
    public Report run(Request request) throws InterruptedException {
        List<Problem> findings = new ArrayList<>();
        Optional<Installation> found = installation(request);
        Optional<Installation> installation =
                found.filter(i -> i.target().format().isRead());
        String start =
                found.map(Installation::platform).orElse(Platform.SYSTEMD).startCommand();
        List<Problem> said = new ArrayList<>();
        DockerInfo info = info(request, start, said);
        Optional<EngineVersion> version = info.version().flatMap(EngineVersion::parse);
        List<String> configured =
                installation.map(i -> configured(i, version, findings)).orElse(List.of());
        findings.addAll(said);
        if (info.mirrors().isEmpty()) {
            return new Report(Verdict.UNKNOWN, installation, configured, List.of(), info, findings);
        }
        List<String> running = info.mirrors().get();
        Verdict verdict = installation.isPresent()
                ? compare(configured, running, installation.get(), findings)
                : running.isEmpty() ? Verdict.INACTIVE : Verdict.ACTIVE;
        if (verdict == Verdict.INACTIVE && configured.isEmpty()) {
            findings.add(Problem.of("no-mirrors", Severity.WARNING));
        }
        EngineFindings engine = new EngineFindings(host, catalog, info, running.isEmpty() ? configured : running);
        findings.addAll(engine.ofMirrors());
        installation.ifPresent(i -> findings.addAll(engine.ofMachine(i)));
        return new Report(verdict, installation, configured, running, info, findings);
    }

    /** Empty where only an output counts, and where the engine that answers has no file on this machine. */
    private Optional<Installation> installation(Request request) {
        boolean isElsewhere = request.docker().isEmpty()
                && Installation.engineElsewhere(host, request.hints()).isPresent();
        return request.judgesFile() && !isElsewhere
                ? Optional.of(Installation.onThisMachine(host, request.hints()))
                : Optional.empty();
    }

    private List<String> configured(Installation installation, Optional<EngineVersion> engine, List<Problem> findings) {
        Snapshot snapshot = new ConfigStore(host).read(installation.target().file());
        EngineFile file = EngineFile.parse(snapshot.content().orElse(new byte[0]), installation, false);
        findings.addAll(file.problems(engine));
        snapshot.content().flatMap(found -> file.unreadableBy(engine)).ifPresent(findings::add);
        findings.addAll(installation.start().problems(installation.target()));
        MovedFlags.interrupted(installation, new ConfigStore(host)).ifPresent(findings::add);
        FlagConflicts conflicts = FlagConflicts.of(installation);
        if (file.hasMirrors() || conflicts.inFiles().isEmpty()) {
            findings.addAll(conflicts.problems());
            return file.mirrors();
        }
        // Flags alone are as good as a list in the file.
        conflicts
                .inFiles()
                .forEach(flag -> findings.add(
                        new Problem("mirror-flag", Severity.INFO, List.of(flag.text()), Optional.of(flag.place()))));
        return conflicts.inFiles().stream().map(Argument::text).toList();
    }

    private static Verdict compare(
            List<String> configured, List<String> running, Installation installation, List<Problem> findings) {
        if (MirrorLists.areSame(configured, running)) {
            return running.isEmpty() ? Verdict.INACTIVE : Verdict.ACTIVE;
        }
        String command = installation.platform().commands().get(0);
        String file = installation.target().file().toString();
        boolean mayNotStart = findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
        if (mayNotStart) {
            findings.add(Problem.of("not-taken", Severity.WARNING, file));
        } else if (MirrorLists.areSameInAnyOrder(configured, running)) {
            findings.add(Problem.of("order-differs", Severity.WARNING, file, command));
        } else {
            findings.add(Problem.of("not-reloaded", Severity.WARNING, file, command));
        }
        return running.isEmpty() ? Verdict.INACTIVE : Verdict.DRIFT;
    }

    // ---- the daemon's words ----

    private DockerInfo info(Request request, String start, List<Problem> findings) throws InterruptedException {
        if (request.dockerInfo().isPresent()) {
            DockerInfo info =
                    DockerInfo.parse(DaemonConfig.text(request.dockerInfo().get()));
            if (info.trouble() == DockerInfo.Trouble.NOT_DOCKER_INFO) {
                throw new Fault(FaultCode.DOCKER_INFO_UNREADABLE);
            }
            explain(info, start, findings);
            return info;
        }
        if (host.isRooted()) {
            findings.add(Problem.of("nothing-run", Severity.INFO, host.root().toString()));
            return DockerInfo.unasked();
        }
        DockerInfo info = request.docker().isPresent()
                ? askClient(request.docker().get(), EngineApi.Outcome.NOBODY_THERE, findings)
                : askEngine(findings);
        explain(info, start, findings);
        return info;
    }

    /** The engine itself, else the docker command, which may know a way to it that we do not. */
    private DockerInfo askEngine(List<Problem> findings) throws InterruptedException {
        EngineAddress engine = EngineAddress.of(host);
        if (engine.isElsewhere()) {
            findings.add(Problem.of(
                    "engine-elsewhere",
                    Severity.ERROR,
                    engine.address().orElse("?"),
                    engine.origin().orElse("?")));
        }
        EngineApi.Outcome outcome = EngineApi.Outcome.NOBODY_THERE;
        if (engine.isLocal() && engine.address().isPresent()) {
            EngineApi.Answer answer = new EngineApi(host, engine.address().get()).info(PATIENCE);
            DockerInfo info = DockerInfo.parse(answer.body());
            if (info.mirrors().isPresent()) {
                return info;
            }
            outcome = answer.outcome();
        }
        return askClient(List.of("docker"), outcome, findings);
    }

    /** @param engine what came of asking the engine itself, to be told where there is no client */
    private DockerInfo askClient(List<String> docker, EngineApi.Outcome engine, List<Problem> findings)
            throws InterruptedException {
        try {
            CommandRunner.Result json = run(docker, List.of("info", "--format", "{{json .}}"));
            if (json.timedOut()) {
                findings.add(Problem.of("engine-silent", Severity.WARNING));
                return DockerInfo.unasked();
            }
            DockerInfo info = read(json);
            // Clients before 1.13 know no --format.
            return info.trouble() == DockerInfo.Trouble.NOT_DOCKER_INFO ? read(run(docker, List.of("info"))) : info;
        } catch (Fault cannotRun) {
            findings.add(
                    switch (engine) {
                        case PERMISSION_DENIED -> Problem.of("permission-denied", Severity.WARNING);
                        case SILENT -> Problem.of("engine-silent", Severity.WARNING);
                        default -> Problem.of("no-docker", Severity.WARNING, String.join(" ", docker));
                    });
            return DockerInfo.unasked();
        }
    }

    private CommandRunner.Result run(List<String> docker, List<String> arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(docker);
        command.addAll(arguments);
        return commands.run(command, PATIENCE);
    }

    private static DockerInfo read(CommandRunner.Result result) {
        DockerInfo info = DockerInfo.parse(result.stdout());
        return info.mirrors().isPresent() ? info : DockerInfo.parse(result.stdout() + "\n" + result.stderr());
    }

    private static void explain(DockerInfo info, String start, List<Problem> findings) {
        if (info.trouble() != DockerInfo.Trouble.NONE) {
            findings.add(Problem.of(info.trouble().key(), Severity.WARNING, start));
        }
    }
}
