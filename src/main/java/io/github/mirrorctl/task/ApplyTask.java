package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Replacements;
import io.github.mirrorctl.platform.Snapshot;
import io.github.mirrorctl.platform.Written;
import io.github.mirrorctl.registry.Reason;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Chooses mirrors and puts them into the engine's file. {@link #plan} decides and changes nothing, so that a dry run is
 * that half alone; {@link #carryOut} writes what was planned.
 */
public final class ApplyTask {
    /** So many others may write before us; each of them is done then, so only a file that never rests reaches this. */
    private static final int MOST_REMADE = 100;

    private final Host host;
    private final ConfigStore store;
    private final Catalog catalog;
    private final ProbeTask prober;
    private final CommandRunner commands;
    private final Clock clock;
    private final Means means;

    public ApplyTask(Host host, Catalog catalog, ProbeTask prober, CommandRunner commands, Clock clock) {
        this.host = host;
        this.store = new ConfigStore(host);
        this.catalog = catalog;
        this.prober = prober;
        this.commands = commands;
        this.clock = clock;
        this.means = Means.of(host, commands, clock);
    }

    /** Where the new mirrors come from. */
    public enum Source {
        /** Measured and ranked. */
        PROBE,
        /** The named ones as given, or the catalog's order. */
        CATALOG,
        /** None: every mirror is removed. */
        NOTHING
    }

    /**
     * What is asked for.
     *
     * @param max how many mirrors are chosen at most; those of the user's own come extra
     * @param dryRun whether the plan is all, so that the file need not be writable
     * @param replaceAll whether the user's own mirrors are dropped too
     * @param moveFlags whether mirrors that are given as flags move into the file
     * @param mayRepair whether a broken file is mended where that can be done without guessing
     * @param mode what is done to make the engine take the file
     */
    public record Request(
            Selection selection,
            ProbeTask.Options probing,
            Installation.Hints hints,
            Source source,
            int max,
            boolean dryRun,
            boolean replaceAll,
            boolean moveFlags,
            boolean mayRepair,
            Reload.Mode mode) {

        /** Whether we make the engine take the file ourselves, which a dry run does not. */
        boolean goesLive() {
            return mode != Reload.Mode.PRINT && !dryRun;
        }

        /** Whether the user's own mirrors leave too, so that it does not matter what they are. */
        boolean dropsOwn() {
            return replaceAll || source == Source.NOTHING;
        }
    }

    /** A mirror that leaves the file, as it was spelled there, and why. */
    public record Removed(String url, Reason reason) {}

    /**
     * What would be done.
     *
     * @param before the list as the file spells it now
     * @param after the list as it would be spelled
     * @param probe what was measured; empty where nothing was
     * @param choices why each mirror that was measured is in the list or not
     * @param mends what was mended in the file; they are among the problems too
     * @param usable whether anything usable was found; if not, nothing may be written
     * @param content the file's bytes as they would be
     * @param moved the files that lose flags, written together with this one
     * @param needsRestart whether the engine runs with flags that a reload would not rid it of
     * @param isBroken whether the engine would not start with the file, since something that is not ours to change is
     *     wrong with it
     * @param reload how the engine is made to take the file; empty where nobody asked for it
     */
    public record Plan(
            Request request,
            Installation installation,
            Snapshot snapshot,
            List<String> before,
            List<String> after,
            List<String> kept,
            List<Removed> removed,
            Optional<ProbeTask.Report> probe,
            Optional<Choices> choices,
            List<Problem> problems,
            List<Problem> mends,
            boolean usable,
            byte[] content,
            String diff,
            MovedFlags moved,
            boolean needsRestart,
            boolean isBroken,
            Optional<Reload> reload) {

        public Plan {
            before = List.copyOf(before);
            after = List.copyOf(after);
            kept = List.copyOf(kept);
            removed = List.copyOf(removed);
            problems = List.copyOf(problems);
            mends = List.copyOf(mends);
        }

        /** What its owner does, where the file is not ours to write; empty where nothing need be done. */
        public Optional<Instruction> instruction() {
            boolean isRight = installation.target().format().isRead() && after.equals(before);
            return usable && !isRight ? Instruction.of(installation, after) : Optional.empty();
        }

        /** Whether the bytes differ from those in the file. */
        public boolean changes() {
            return usable
                    && (!moved.isEmpty()
                            || !Arrays.equals(content, snapshot.content().orElse(new byte[0])));
        }

        /** What makes the engine take it, ready to paste, in order; none where it could not. */
        public List<String> commands() {
            return isBroken ? List.of() : installation.commands(restarts(), moved.unitChanges());
        }

        /** The restart, where {@link #commands} only reload; empty where they restart already. */
        public List<String> fallbackCommands() {
            return isBroken || restarts() ? List.of() : installation.platform().fallbackCommands();
        }

        /** Whether {@link #commands} restart where usually a reload is enough, since flags leave the engine. */
        public boolean restarts() {
            boolean canReload = !installation.platform().fallbackCommands().isEmpty();
            return canReload && (needsRestart || !moved.isEmpty());
        }
    }

    /**
     * What was done.
     *
     * @param written empty where the file was right already
     * @param flagFiles the files that lost flags, written together with it and undone by the same id
     * @param live what came of making the engine take the file
     */
    public record Applied(Plan plan, Optional<Written> written, List<Written> flagFiles, Live live) {
        public Applied {
            flagFiles = List.copyOf(flagFiles);
        }

        /** Where nothing is done. */
        public static Applied nothing(Plan plan) {
            return new Applied(plan, Optional.empty(), List.of(), Live.NOT_ASKED);
        }

        /** Whether the files are other than they were. */
        public boolean changed() {
            return plan.changes() && !live.isRolledBack();
        }

        /** What is still to be run; nothing where the engine has the list. */
        public List<String> commands() {
            return live.isTaken() ? List.of() : plan.commands();
        }

        /** All that should be known, in the order in which it came up. */
        public List<Problem> problems() {
            List<Problem> problems = new ArrayList<>(plan.problems());
            plan.reload().ifPresent(reload -> problems.addAll(reload.notes()));
            problems.addAll(live.problems());
            return problems;
        }

        /** The file first: an engine that is started before the flags are back runs without mirrors, else it would not. */
        private List<Written> all() {
            return Stream.concat(written.stream(), flagFiles.stream()).toList();
        }

        private Applied with(Live outcome) {
            return outcome.isRolledBack()
                    ? new Applied(plan, Optional.empty(), List.of(), outcome)
                    : new Applied(plan, written, flagFiles, outcome);
        }
    }

    /**
     * Decides what to write.
     *
     * @param progress told of each mirror as it was measured
     * @throws Fault where the request means nothing, a file cannot be understood or must not be written, or may not be
     *     written
     */
    public Plan plan(Request request, Consumer<ProbeTask.News> progress) throws InterruptedException {
        return plan(request, progress, Optional.empty());
    }

    /**
     * @param stale a plan for what the file was before somebody else wrote it; what that one measured is not measured
     *     again
     */
    private Plan plan(Request request, Consumer<ProbeTask.News> progress, Optional<Plan> stale)
            throws InterruptedException {
        Selection.Resolved resolved = request.selection().resolve(catalog);
        Standing standing = Standing.find(request, resolved, host, catalog, store, commands);
        boolean isWritten =
                !request.dryRun() && standing.installation().target().format().isEdited();
        if (isWritten && stale.isEmpty()) {
            standing.requireWritable(store);
        }
        Optional<Reload> reload = stale.flatMap(Plan::reload);
        if (request.goesLive() && stale.isEmpty()) {
            reload = Optional.of(Reload.find(
                    standing.installation(), request.mode(), standing.moved(), standing.flagsLeave(), means));
        }
        Contest contest = new Contest(request, catalog, prober, resolved, standing.existing());
        Contest.Choice choice = contest.choose(stale.flatMap(Plan::probe), progress);
        Plan plan = new Judgement(standing, choice, reload).plan();
        if (plan.changes()) {
            standing.check().require(plan.content(), standing.known());
        }
        return plan;
    }

    /**
     * Writes what was planned; nothing where the file is right already. Where somebody else wrote the file meanwhile,
     * the plan is made anew from what stands there now, so that neither change is lost. Then the engine is made to take
     * it, where that was asked for.
     *
     * @param progress told what is waited for, and for how long already
     * @return with the plan that was carried out
     * @throws Fault where the file cannot be understood any more or cannot be written, or where the engine could only be
     *     restarted and may not be; the file is as it was then
     */
    public Applied carryOut(Plan plan, BiConsumer<Live.Step, Duration> progress) throws InterruptedException {
        plan.reload()
                .filter(reload -> plan.changes() || !reload.isRunning(plan.after()))
                .ifPresent(reload -> reload.requireAllowed(plan.request().mode()));
        Applied applied = written(plan);
        return applied.plan()
                .reload()
                .map(reload -> new GoLive(reload, new Replacements(store), means, progress)
                        .run(
                                applied.all(),
                                applied.plan().after(),
                                applied.plan().before()))
                .map(applied::with)
                .orElse(applied);
    }

    private Applied written(Plan plan) throws InterruptedException {
        Plan current = plan;
        for (int remade = 0; current.changes(); remade++) {
            try {
                return write(current);
            } catch (Fault fault) {
                if (fault.code() != FaultCode.CONFIG_CHANGED || remade == MOST_REMADE) {
                    throw fault;
                }
                current = plan(current.request(), measured -> {}, Optional.of(current));
            }
        }
        return Applied.nothing(current);
    }

    /** With the flags gone first, an engine that is started in between runs without mirrors; else it would not start. */
    private Applied write(Plan plan) throws InterruptedException {
        if (plan.moved().isEmpty()) {
            Written written = store.replace(plan.snapshot(), plan.content(), clock.instant());
            return new Applied(plan, Optional.of(written), List.of(), Live.NOT_ASKED);
        }
        List<Replacements.Change> changes = Stream.concat(
                        plan.moved().files().stream()
                                .map(file -> Replacements.Change.to(file.before(), file.content())),
                        Stream.of(Replacements.Change.to(plan.snapshot(), plan.content())))
                .toList();
        List<Written> written;
        try {
            written = new Replacements(store).carryOut(changes, clock.instant());
        } catch (Fault fault) {
            throw fault.meaning(plan.installation().options());
        }
        int last = written.size() - 1;
        return new Applied(plan, Optional.of(written.get(last)), written.subList(0, last), Live.NOT_ASKED);
    }
}
