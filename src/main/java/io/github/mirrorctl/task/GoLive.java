package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.PlainText;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.Replacements;
import io.github.mirrorctl.platform.RestartStep;
import io.github.mirrorctl.platform.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Makes the engine take a file that was written, waits until it shows the new list, and where it does not, puts the old
 * file back and makes it take that again. A service manager says that a reload succeeded whatever became of it, so that
 * only the engine's own answer counts.
 */
final class GoLive {
    /** An engine that takes a list does so in milliseconds; this is for a machine that is busy. */
    static final Duration RELOAD_TIME = Duration.ofSeconds(15);
    /** An engine with many containers looks after each of them before it answers. */
    static final Duration RESTART_TIME = Duration.ofSeconds(60);
    /** A restart waits for containers to stop, each of which has ten seconds or what its owner gave it. */
    private static final Duration COMMAND_TIME = Duration.ofMinutes(2);

    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(200);

    private final Reload reload;
    private final Replacements replacements;
    private final Means means;
    private final BiConsumer<Live.Step, Duration> progress;
    private final List<Problem> problems = new ArrayList<>();

    /** @param progress told what is waited for, and for how long already */
    GoLive(Reload reload, Replacements replacements, Means means, BiConsumer<Live.Step, Duration> progress) {
        this.reload = reload;
        this.replacements = replacements;
        this.means = means;
        this.progress = progress;
    }

    /**
     * Carries it out. An interrupt ends the waiting and stays set.
     *
     * @param written what was written; empty where the file was right already
     * @param wanted the list that the file holds now
     * @param old the list that it held before
     */
    Live run(List<Written> written, List<String> wanted, List<String> old) {
        boolean isUndone = false;
        try {
            if (written.isEmpty() && isShown(List.of(wanted))) {
                return new Live(Live.State.BEFORE, false, List.of());
            }
            if (written.isEmpty()) {
                say("reload-was-missing", Severity.INFO, file());
            }
            EngineWords words = EngineWords.from(reload, means);
            if (tell(step()) && await(List.of(wanted), step())) {
                boolean isRestart = reload.way() == Reload.Way.RESTART;
                return new Live(isRestart ? Live.State.RESTARTED : Live.State.RELOADED, false, problems);
            }
            words.errors().forEach(said -> say("engine-said", Severity.ERROR, said));
            isUndone = !written.isEmpty() && isPutBack(written);
            if (isUndone) {
                takeOld(wanted, old);
            }
            return new Live(Live.State.NOT_TAKEN, isUndone, problems);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            say("reload-interrupted", Severity.WARNING, options());
            return new Live(Live.State.INTERRUPTED, isUndone, problems);
        }
    }

    private Live.Step step() {
        return reload.way() == Reload.Way.RESTART ? Live.Step.RESTART : Live.Step.RELOAD;
    }

    private String file() {
        return reload.installation().target().file().toString();
    }

    private String options() {
        return reload.installation().options();
    }

    private void say(String code, Severity severity, String... arguments) {
        problems.add(Problem.of(code, severity, arguments));
    }

    // ---- telling the engine ----

    /** Whether all was run that tells it. What its service manager does not know of is told by us. */
    private boolean tell(Live.Step step) throws InterruptedException {
        Optional<Problem> failure = run(reload.steps(), step);
        boolean canSignal =
                reload.way() == Reload.Way.SERVICE && reload.process().isPresent();
        if (failure.isEmpty() || (canSignal && isSignalled(step))) {
            return true;
        }
        problems.add(failure.get());
        return false;
    }

    private boolean isSignalled(Live.Step step) throws InterruptedException {
        long process = reload.process().orElseThrow().id();
        return run(List.of(RestartStep.hangUp(process)), step).isEmpty();
    }

    /** @return the first failure */
    private Optional<Problem> run(List<RestartStep> commands, Live.Step step) throws InterruptedException {
        progress.accept(step, Duration.ZERO);
        for (RestartStep command : commands) {
            try {
                CommandRunner.Result result = means.commands().run(command.words(), COMMAND_TIME);
                if (!result.succeeded()) {
                    String words = PlainText.of(result.stderr().isBlank() ? result.stdout() : result.stderr());
                    return Optional.of(Problem.of("reload-failed", Severity.ERROR, command.printed(), words));
                }
            } catch (Fault cannotRun) {
                return Optional.of(asProblem(cannotRun));
            }
        }
        return Optional.empty();
    }

    private static Problem asProblem(Fault fault) {
        return new Problem(fault.code().key(), Severity.ERROR, fault.arguments(), Optional.empty());
    }

    // ---- asking the engine ----

    /** Waits for one of these lists; where none comes, says what the engine has instead. */
    private boolean await(List<List<String>> lists, Live.Step step) throws InterruptedException {
        boolean mayStart = reload.way() == Reload.Way.RESTART || step == Live.Step.ROLLBACK;
        Duration time = mayStart ? RESTART_TIME : RELOAD_TIME;
        long start = means.nanos().getAsLong();
        Duration waited = Duration.ZERO;
        while (waited.compareTo(time) < 0) {
            if (isShown(lists)) {
                return true;
            }
            progress.accept(step, waited);
            means.pause().pause(BETWEEN_QUESTIONS);
            waited = Duration.ofNanos(means.nanos().getAsLong() - start);
        }
        String seconds = String.valueOf(time.toSeconds());
        Optional<List<String>> now = shown();
        if (now.isPresent()) {
            say("list-not-taken", Severity.ERROR, seconds, now.get().isEmpty() ? "[]" : String.join(", ", now.get()));
        } else {
            say(
                    "engine-gone",
                    Severity.ERROR,
                    seconds,
                    reload.installation().platform().startCommand());
        }
        return false;
    }

    private boolean isShown(List<List<String>> lists) throws InterruptedException {
        Optional<List<String>> now = shown();
        return now.isPresent() && lists.stream().anyMatch(list -> MirrorLists.areSame(list, now.get()));
    }

    private Optional<List<String>> shown() throws InterruptedException {
        return DockerInfo.parse(
                        means.info().ask(reload.address(), Reload.PATIENCE).body())
                .mirrors();
    }

    // ---- undoing it ----

    /** The undo never overwrites what somebody else wrote in the meantime. */
    private boolean isPutBack(List<Written> written) throws InterruptedException {
        try {
            replacements.undo(written, means.clock().instant());
            return true;
        } catch (Fault fault) {
            String id = written.get(0).backup().id();
            if (fault.code() == FaultCode.CONFIG_CHANGED) {
                say("not-put-back", Severity.ERROR, fault.arguments().get(0), id, options());
            } else {
                problems.add(asProblem(fault));
                say("put-back-failed", Severity.ERROR, file(), id, options());
            }
            return false;
        }
    }

    /** The engine may have had another list than its file, which may be the one that it takes now. */
    private void takeOld(List<String> wanted, List<String> old) throws InterruptedException {
        List<List<String>> lists = new ArrayList<>(List.of(old));
        reload.running().ifPresent(lists::add);
        lists.removeIf(list -> MirrorLists.areSame(list, wanted));
        // One that lives and is silent may have read the new file, and a start means nothing to it.
        boolean isDown = Reload.isDown(
                means.info().ask(reload.address(), Reload.PATIENCE).outcome());
        boolean canStart = reload.way() != Reload.Way.SIGNAL && isDown;
        boolean isTold = canStart ? isStarted() : tell(Live.Step.ROLLBACK);
        if (isTold && await(lists, Live.Step.ROLLBACK)) {
            say("old-list-live", Severity.INFO);
        } else {
            say("old-list-not-live", Severity.ERROR, restart());
        }
    }

    /** An engine that died of the new file; nobody can want it to stay down, so this asks for no leave to restart. */
    private boolean isStarted() throws InterruptedException {
        forgetFailures();
        String command = reload.installation().platform().startCommand();
        Optional<Problem> failure = run(RestartStep.of(List.of(command)), Live.Step.ROLLBACK);
        failure.ifPresent(problems::add);
        return failure.isEmpty();
    }

    private String restart() {
        return String.join(" && ", reload.installation().commands(true, false));
    }

    /** After a few starts that failed systemd refuses any more (systemd.unit(5), {@code StartLimitBurst=}). */
    private void forgetFailures() throws InterruptedException {
        List<String> command =
                switch (reload.installation().platform()) {
                    case SYSTEMD -> List.of("systemctl", "reset-failed", "docker.service", "docker.socket");
                    case ROOTLESS -> List.of("systemctl", "--user", "reset-failed", "docker.service");
                    default -> List.of();
                };
        if (!command.isEmpty()) {
            run(List.of(new RestartStep(String.join(" ", command), command, true)), Live.Step.ROLLBACK);
        }
    }
}
