package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DaemonConfig;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.daemon.PlainText;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.CandidateFile;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets the installed engine judge a candidate by {@code dockerd --validate}, with the flags of its unit, before anything
 * is swapped. It starts nothing and needs no rights ({@code --validate} in moby's {@code daemon/command/docker.go}).
 */
final class EngineCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** dockerd's own exit code where it refuses; any other is a failure of its own. */
    private static final int REFUSED = 1;

    private static final int NOT_RUN = -1;

    /** What an engine takes unless it is the flags or the machine that it stops at, and not the file. */
    private static final byte[] NOTHING_CONFIGURED = {'{', '}'};

    private final Installation installation;
    private final InstalledEngine engine;
    private final CommandRunner commands;
    private final Duration patience;

    EngineCheck(Installation installation, InstalledEngine engine, CommandRunner commands) {
        this(installation, engine, commands, PATIENCE);
    }

    /** @param patience how long one answer may take */
    EngineCheck(Installation installation, InstalledEngine engine, CommandRunner commands, Duration patience) {
        this.installation = installation;
        this.engine = engine;
        this.commands = commands;
        this.patience = patience;
    }

    /**
     * Asks the engine.
     *
     * @param known what we found in the file ourselves, to be shown with a refusal: it knows the lines
     * @return a warning where the engine was to be asked and gave no answer in its time
     * @throws Fault {@link FaultCode#ENGINE_REFUSES} with its own words
     */
    Optional<Problem> require(byte[] candidate, List<Problem> known) throws InterruptedException {
        boolean isJson = installation.target().format() == ConfigTarget.Format.DAEMON_JSON;
        boolean canValidate = engine.version().map(EngineVersion::canValidate).orElse(false);
        if (!isJson || !canValidate || engine.program().isEmpty()) {
            return Optional.empty();
        }
        Path program = engine.program().get();
        if (needsKeysOfRoot(candidate)) {
            return Optional.of(silent(program));
        }
        Answer answer = ask(program, candidate);
        if (answer.isOk()) {
            return Optional.empty();
        }
        if (!answer.isRefused() || !ask(program, NOTHING_CONFIGURED).isOk()) {
            return Optional.of(silent(program));
        }
        throw new Fault(FaultCode.ENGINE_REFUSES, installation.target().file().toString(), PlainText.of(answer.words()))
                .with(known);
    }

    /** @param words the last line that it said, with the file's own name for the candidate's */
    private record Answer(int exitCode, String words) {
        boolean isOk() {
            return exitCode == 0;
        }

        boolean isRefused() {
            return exitCode == REFUSED;
        }
    }

    private Answer ask(Path program, byte[] content) throws InterruptedException {
        try (CandidateFile file = CandidateFile.of(content)) {
            CommandRunner.Result result = commands.run(command(program, file.path()), patience);
            String words = (result.stdout() + "\n" + result.stderr())
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce("", (earlier, later) -> later)
                    .replace(
                            file.path().toString(), installation.target().file().toString());
            return new Answer(result.exitCode(), words);
        } catch (Fault cannotRun) {
            return new Answer(NOT_RUN, "");
        }
    }

    private List<String> command(Path program, Path file) {
        List<String> command =
                new ArrayList<>(List.of(program.toString(), "--validate", "--config-file", file.toString()));
        command.addAll(engine.flags());
        return command;
    }

    /** It loads the TLS keys too, which another user cannot read. */
    private boolean needsKeysOfRoot(byte[] candidate) {
        boolean isOwner = installation.host().isRoot() || installation.platform() == Platform.ROOTLESS;
        boolean hasTls = engine.flags().stream().anyMatch(flag -> flag.startsWith("--tls"))
                || DaemonConfig.text(candidate).contains("\"tls");
        return !isOwner && hasTls;
    }

    private Problem silent(Path program) {
        return Problem.of("engine-not-asked", Severity.WARNING, program.toString());
    }
}
