package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DaemonConfig;
import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks what the daemon has: the output that the user gives, else the engine's API, else docker's client, which knows ways
 * that we do not (ssh, TLS with a key of its own). Whatever comes of it is an answer; why there is none is a finding.
 */
final class EngineQuestion {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Host host;
    private final Platform platform;
    private final Means.Runs commands;
    private final Means.Asks api;

    /** @param platform of the engine that is asked, for the remedies */
    EngineQuestion(Host host, Platform platform, CommandRunner commands) {
        this(host, platform, commands::run, (address, deadline) -> new EngineApi(host, address).info(deadline));
    }

    /** @param api asks {@code GET /info} */
    EngineQuestion(Host host, Platform platform, Means.Runs commands, Means.Asks api) {
        this.host = host;
        this.platform = platform;
        this.commands = commands;
        this.api = api;
    }

    /**
     * Asks.
     *
     * @throws Fault {@link FaultCode#DOCKER_INFO_UNREADABLE} where the output that the user gave is none
     */
    DockerInfo answer(CheckTask.Request request, List<Problem> findings) throws InterruptedException {
        if (request.dockerInfo().isPresent()) {
            return explained(given(request.dockerInfo().get()), findings);
        }
        if (host.isRooted()) {
            findings.add(Problem.of("nothing-run", Severity.INFO, host.root().toString()));
            return DockerInfo.unasked();
        }
        if (request.docker().isPresent()) {
            List<String> docker = request.docker().get();
            return explained(askClient(docker, noDocker(docker), findings), findings);
        }
        EngineAddress engine = EngineAddress.of(host);
        DockerInfo info = askEngine(engine, findings);
        if (info.trouble() == DockerInfo.Trouble.DAEMON_DOWN && engine.isElsewhere()) {
            findings.add(Problem.of(
                    "engine-unreachable", Severity.WARNING, engine.address().orElseThrow(), engine.wayBack()));
            return info;
        }
        return explained(info, findings);
    }

    private static DockerInfo given(byte[] output) {
        DockerInfo info = DockerInfo.parse(DaemonConfig.text(output));
        if (info.trouble() == DockerInfo.Trouble.NOT_DOCKER_INFO) {
            throw new Fault(FaultCode.DOCKER_INFO_UNREADABLE);
        }
        return info;
    }

    private DockerInfo explained(DockerInfo info, List<Problem> findings) {
        if (info.trouble() != DockerInfo.Trouble.NONE) {
            String argument =
                    switch (info.trouble()) {
                        case SERVER_ERROR -> info.words();
                        case PERMISSION_DENIED -> sudo();
                        default -> platform.startCommand();
                    };
            findings.add(Problem.of(info.trouble().key(), Severity.WARNING, argument));
        }
        return info;
    }

    private DockerInfo askEngine(EngineAddress engine, List<Problem> findings) throws InterruptedException {
        if (engine.address().isEmpty()) {
            findings.add(Problem.of(
                    "context-missing", Severity.WARNING, engine.origin().orElse("?"), engine.wayBack()));
            return DockerInfo.unasked();
        }
        String address = engine.address().get();
        if (engine.isElsewhere()) {
            findings.add(Problem.of(
                    "engine-elsewhere", Severity.ERROR, address, engine.origin().orElse("?"), engine.wayBack()));
        }
        List<String> docker = List.of("docker");
        ClientFiles files = new ClientFiles(host);
        if (!EngineApi.canAsk(address) || files.wantsTls(address)) {
            files.missingKeys(address).ifPresent(findings::add);
            return askClient(docker, Problem.of("engine-needs-client", Severity.WARNING, address), findings);
        }
        EngineApi.Answer answer = api.ask(address, PATIENCE);
        DockerInfo info = DockerInfo.parse(answer.body());
        if (info.mirrors().isPresent()) {
            return info;
        }
        Optional<DockerInfo> users = engine.origin().isEmpty() ? askUsersEngine(address, findings) : Optional.empty();
        return users.isPresent() ? users.get() : askClient(docker, why(answer.outcome(), docker), findings);
    }

    /** A rootless engine is asked by a client that is told of it, and runs without one that is. */
    private Optional<DockerInfo> askUsersEngine(String clients, List<Problem> findings) throws InterruptedException {
        Optional<String> address = EngineAddress.rootless(host);
        if (platform != Platform.ROOTLESS || address.isEmpty()) {
            return Optional.empty();
        }
        DockerInfo info = DockerInfo.parse(api.ask(address.get(), PATIENCE).body());
        if (info.mirrors().isEmpty()) {
            return Optional.empty();
        }
        findings.add(Problem.of("client-asks-another", Severity.WARNING, clients, address.get()));
        return Optional.of(info);
    }

    /** A rootless engine refuses nobody who finds it: it is the machine's that did. */
    private String sudo() {
        return platform.needsRoot() || platform == Platform.ROOTLESS ? "sudo " : "";
    }

    /** What to say where there is no client that could say it better. */
    private Problem why(EngineApi.Outcome outcome, List<String> docker) {
        return switch (outcome) {
            case PERMISSION_DENIED -> Problem.of("permission-denied", Severity.WARNING, sudo());
            case SILENT -> silent();
            case ANSWERED, NOBODY_THERE, NOT_UNDERSTOOD -> noDocker(docker);
        };
    }

    private Problem silent() {
        return Problem.of("engine-silent", Severity.WARNING, platform.logCommand());
    }

    private static Problem noDocker(List<String> docker) {
        return Problem.of("no-docker", Severity.WARNING, String.join(" ", docker));
    }

    /** @param withoutClient what to say where the command cannot be run */
    private DockerInfo askClient(List<String> docker, Problem withoutClient, List<Problem> findings)
            throws InterruptedException {
        try {
            CommandRunner.Result json = run(docker, List.of("info", "--format", "{{json .}}"));
            if (json.timedOut()) {
                findings.add(silent());
                return DockerInfo.unasked();
            }
            DockerInfo info = read(json);
            // Clients before 1.13 know no --format.
            return info.trouble() == DockerInfo.Trouble.NOT_DOCKER_INFO ? read(run(docker, List.of("info"))) : info;
        } catch (Fault cannotRun) {
            findings.add(withoutClient);
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
}
