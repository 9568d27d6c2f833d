package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.daemon.MirrorCheck;
import io.github.mirrorctl.daemon.MirrorEntry;
import io.github.mirrorctl.daemon.UnifiedDiff;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.mirror.Status;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Replacements;
import io.github.mirrorctl.platform.Snapshot;
import io.github.mirrorctl.platform.Written;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Ranking;
import io.github.mirrorctl.registry.Reason;
import io.github.mirrorctl.registry.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses mirrors and puts them into the engine's file. {@link #plan} decides and changes nothing, so that a dry run is
 * that half alone; {@link #carryOut} writes what was planned.
 */
public final class ApplyTask {
    /** A list this much slower than the best one stays, so that a noisy line changes nothing. */
    private static final int TOLERATED_PERCENT = 20;
    /** Below this a difference is the machine's own unrest, whatever its share. */
    private static final Duration TOLERATED = Duration.ofMillis(20);
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
     * @param mends what was mended in the file; they are among the problems too
     * @param usable whether anything usable was found; if not, nothing may be written
     * @param content the file's bytes as they would be
     * @param moved the files that lose flags, written together with this one
     * @param needsRestart whether the engine runs with flags that a reload would not rid it of
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
            List<Problem> problems,
            List<Problem> mends,
            boolean usable,
            byte[] content,
            String diff,
            MovedFlags moved,
            boolean needsRestart,
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

        /** What makes the engine take it, ready to paste, in order. */
        public List<String> commands() {
            return installation.commands(restarts(), moved.unitChanges());
        }

        /** The restart, where {@link #commands} only reload; empty where they restart already. */
        public List<String> fallbackCommands() {
            return restarts() ? List.of() : installation.platform().fallbackCommands();
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
    public Plan plan(Request request, Consumer<ProbeResult> progress) throws InterruptedException {
        return plan(request, progress, Optional.empty());
    }

    /**
     * @param stale a plan for what the file was before somebody else wrote it; what that one measured is not measured
     *     again
     */
    private Plan plan(Request request, Consumer<ProbeResult> progress, Optional<Plan> stale)
            throws InterruptedException {
        Selection.Resolved resolved = request.selection().resolve(catalog);
        Installation found = Installation.find(host, request.hints());
        Installation installation = request.moveFlags() ? found.withDaemonJson() : found;
        InstalledEngine engine = InstalledEngine.find(installation, commands);
        requirePathsTaken(request, resolved, engine);
        Snapshot snapshot = store.read(installation.target().file());
        EngineFile asFound =
                EngineFile.parse(snapshot.content().orElse(new byte[0]), installation, request.mayRepair());
        EngineFile file = snapshot.content().isPresent() ? asFound.readableBy(engine.version()) : asFound;
        FlagConflicts conflicts = FlagConflicts.of(installation);
        MovedFlags moved = MovedFlags.NONE;
        if (request.moveFlags()) {
            moved = MovedFlags.of(installation, store);
        } else {
            conflicts.require();
        }
        List<MergePolicy.Existing> existing = existing(file, moved, engine, resolved, request);
        List<Problem> known = requireKeysTaken(asFound, engine, installation);
        EngineCheck check = new EngineCheck(installation, engine, commands);
        List<Problem> situation = new ArrayList<>(known);
        situation.addAll(ofForm(asFound, file, engine, installation));
        situation.addAll(ofFlags(installation, conflicts, moved));
        List<String> staying = request.dropsOwn() ? List.of() : MirrorLists.tidied(existing);
        check.require(file.withMirrors(staying), known).ifPresent(situation::add);
        boolean isWritten = !request.dryRun() && installation.target().format().isEdited();
        if (isWritten && stale.isEmpty()) {
            store.requireWritable(installation.target().file());
            for (MovedFlags.FlagFile flagFile : moved.files()) {
                store.requireWritable(flagFile.path());
            }
        }
        Optional<Reload> reload = stale.flatMap(Plan::reload);
        if (request.goesLive() && stale.isEmpty()) {
            boolean flagsLeave = !moved.isEmpty() || conflicts.needsRestart();
            reload = Optional.of(Reload.find(installation, request.mode(), moved, flagsLeave, means));
        }
        Optional<ProbeTask.Report> measured = stale.flatMap(Plan::probe);
        Choice choice =
                switch (request.source()) {
                    case NOTHING -> Choice.nothing();
                    case CATALOG -> byCatalog(request, resolved, existing);
                    case PROBE ->
                        measured.isPresent()
                                ? fromReport(request, measured.get(), existing)
                                : byProbe(request, resolved, existing, progress);
                };
        Plan plan =
                planned(request, installation, snapshot, file, existing, choice, conflicts, moved, situation, reload);
        if (plan.changes()) {
            check.require(plan.content(), known);
        }
        return plan;
    }

    /** What should be known of the engine's flags, beside those that move. */
    private List<Problem> ofFlags(Installation installation, FlagConflicts conflicts, MovedFlags moved) {
        List<Problem> problems = new ArrayList<>();
        ConfigFileFlag read = new ConfigFileFlag(host, installation.platform());
        problems.addAll(read.problems(installation.target()));
        problems.addAll(DaemonArguments.of(host, installation.platform()).unknown());
        MovedFlags.interrupted(installation, store).ifPresent(problems::add);
        if (moved.isEmpty()) {
            problems.addAll(conflicts.problems());
        }
        return problems;
    }

    /** A path is what was asked for, so it is the asking that is refused. */
    private static void requirePathsTaken(Request request, Selection.Resolved resolved, InstalledEngine engine) {
        boolean takesPaths =
                engine.version().map(EngineVersion::takesMirrorPaths).orElse(true);
        if (takesPaths || !request.selection().isNamed()) {
            return;
        }
        String version = engine.version().orElseThrow().toString();
        resolved.candidates().stream()
                .map(Candidate::url)
                .filter(url -> !url.path().isEmpty())
                .findFirst()
                .ifPresent(url -> {
                    throw new Fault(FaultCode.URL_PATH, url.toString(), version);
                });
    }

    /** @return what is no reason to refuse the file */
    private static List<Problem> requireKeysTaken(EngineFile file, InstalledEngine engine, Installation installation) {
        List<Problem> problems = file.problems(engine.version());
        boolean hasRefused = engine.version().isPresent()
                && installation.target().format() == ConfigTarget.Format.DAEMON_JSON
                && problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
        if (hasRefused) {
            throw new Fault(
                            FaultCode.CONFIG_REFUSED,
                            installation.target().file().toString(),
                            engine.version().orElseThrow().toString())
                    .with(problems);
        }
        return problems;
    }

    /** What is said of a form that this engine, or an older one, cannot read, and of the one that takes its place. */
    private static List<Problem> ofForm(
            EngineFile asFound, EngineFile file, InstalledEngine engine, Installation installation) {
        List<Problem> said = new ArrayList<>();
        asFound.unreadableBy(engine.version())
                .filter(problem -> problem.code().equals("byte-order-mark"))
                .ifPresent(problem -> {
                    said.add(new Problem(problem.code(), Severity.WARNING, problem.arguments(), problem.place()));
                    if (!Arrays.equals(asFound.content(), file.content())) {
                        String path = installation.target().file().toString();
                        said.add(Problem.of("mark-removed", Severity.WARNING, path));
                    }
                });
        for (MirrorEntry entry : asFound.entries()) {
            MirrorCheck.misspelling(entry, engine.version()).ifPresent(said::add);
        }
        return said;
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
        List<Written> written = new Replacements(store).carryOut(changes, clock.instant());
        int last = written.size() - 1;
        return new Applied(plan, Optional.of(written.get(last)), written.subList(0, last), Live.NOT_ASKED);
    }

    // ---- what stands in the file ----

    private List<MergePolicy.Existing> existing(
            EngineFile file, MovedFlags moved, InstalledEngine engine, Selection.Resolved resolved, Request request) {
        Set<MirrorUrl> named = request.selection().isNamed()
                ? resolved.candidates().stream().map(Candidate::url).collect(Collectors.toSet())
                : Set.of();
        List<MergePolicy.Existing> existing = new ArrayList<>();
        List<Problem> refused = new ArrayList<>();
        List<MirrorEntry> mirrors =
                Stream.concat(file.entries().stream(), moved.mirrors().stream()).toList();
        for (MirrorEntry entry : mirrors) {
            Optional<Problem> refusal = MirrorCheck.refusal(entry, engine.version());
            if (refusal.isPresent()) {
                refused.add(refusal.get());
                continue;
            }
            MirrorUrl url = MirrorUrl.parse(entry.url());
            Candidate candidate = new Candidate(url, catalog.byUrl(url));
            boolean isOwn = candidate.entry().isEmpty() && !named.contains(url);
            existing.add(new MergePolicy.Existing(entry.url(), candidate, isOwn));
        }
        if (!refused.isEmpty() && !request.dropsOwn()) {
            throw new Fault(
                            FaultCode.CONFIG_INVALID,
                            refused.get(0).place().orElseThrow().file())
                    .with(refused);
        }
        return existing;
    }

    // ---- what is chosen ----

    /**
     * What was decided of the list.
     *
     * @param stays whether the list in the file is good enough to stay as it is
     */
    private record Choice(
            List<MirrorUrl> chosen,
            Optional<ProbeTask.Report> report,
            List<Problem> warnings,
            boolean usable,
            boolean stays) {

        static Choice nothing() {
            return new Choice(List.of(), Optional.empty(), List.of(), true, false);
        }
    }

    private Choice byCatalog(Request request, Selection.Resolved resolved, List<MergePolicy.Existing> existing) {
        List<MirrorUrl> chosen;
        if (request.selection().isNamed()) {
            chosen = resolved.candidates().stream().map(Candidate::url).toList();
        } else {
            chosen = withOnesInFile(request, resolved.candidates(), existing, false).stream()
                    .filter(candidate -> candidate.isSafeUnasked()
                            && candidate.entry().map(Mirror::isChosenUnasked).orElse(true))
                    .sorted(catalogOrder())
                    .limit(request.max())
                    .map(Candidate::url)
                    .toList();
        }
        if (chosen.isEmpty()) {
            throw new Fault(FaultCode.NO_CANDIDATES);
        }
        return new Choice(chosen, Optional.empty(), resolved.warnings(), true, false);
    }

    /** Status, then named operators, then tier, then the place in the catalog's file. */
    private Comparator<Candidate> catalogOrder() {
        return Comparator.comparing((Candidate candidate) ->
                        candidate.entry().map(Mirror::status).orElse(Status.RETIRED))
                .thenComparing(candidate -> !candidate.hasNamedOperator())
                .thenComparing(Candidate::tierNumber)
                .thenComparing(candidate ->
                        candidate.entry().map(catalog.mirrors()::indexOf).orElse(Integer.MAX_VALUE));
    }

    /**
     * Those in the file that the catalog knows are always candidates, whatever the filters say, but for a private
     * person's where none of these is wanted; the user's own are measured beside them.
     */
    private static List<Candidate> withOnesInFile(
            Request request, List<Candidate> candidates, List<MergePolicy.Existing> existing, boolean withOwn) {
        boolean namedOnly = request.selection().namedOperatorsOnly();
        Map<MirrorUrl, Candidate> all = new LinkedHashMap<>();
        candidates.forEach(candidate -> all.put(candidate.url(), candidate));
        existing.stream()
                .filter(entry -> withOwn || !entry.isOwn())
                .filter(entry -> !namedOnly || entry.candidate().hasNamedOperator())
                .forEach(entry -> all.putIfAbsent(entry.url(), entry.candidate()));
        return List.copyOf(all.values());
    }

    private Choice byProbe(
            Request request,
            Selection.Resolved resolved,
            List<MergePolicy.Existing> existing,
            Consumer<ProbeResult> progress)
            throws InterruptedException {
        List<Candidate> candidates = new ArrayList<>(withOnesInFile(request, resolved.candidates(), existing, true));
        candidates.removeIf(
                candidate -> candidate.isRetired() && !request.selection().isNamed());
        if (candidates.isEmpty()) {
            throw new Fault(FaultCode.NO_CANDIDATES);
        }
        ProbeTask.Report report =
                prober.measure(candidates, serving(existing), resolved.warnings(), request.probing(), progress);
        Choice choice = fromReport(request, report, existing);
        Optional<Catalog.Filter> elsewhere = request.selection().filter().otherRegions(catalog);
        if (choice.usable() || request.selection().isNamed() || elsewhere.isEmpty() || report.isOffline()) {
            return choice;
        }
        Selection others =
                new Selection(List.of(), elsewhere.get(), request.selection().namedOperatorsOnly());
        List<Candidate> further = others.resolve(catalog).candidates();
        if (further.isEmpty()) {
            return choice;
        }
        Problem said = Problem.of(
                "other-regions",
                Severity.WARNING,
                String.join(", ", elsewhere.get().regions().stream().sorted().toList()));
        ProbeTask.Report both =
                report.and(prober.measure(further, Set.of(), List.of(said), request.probing(), progress));
        return fromReport(request, both, existing);
    }

    /** The mirrors that serve now: what they are is to be known whether or not others promise more. */
    private static Set<MirrorUrl> serving(List<MergePolicy.Existing> existing) {
        Stream<MergePolicy.Existing> first = existing.stream().limit(1);
        Stream<MergePolicy.Existing> firstKnown =
                existing.stream().filter(entry -> !entry.isOwn()).limit(1);
        return Stream.concat(first, firstKnown).map(MergePolicy.Existing::url).collect(Collectors.toSet());
    }

    private Choice fromReport(Request request, ProbeTask.Report report, List<MergePolicy.Existing> existing) {
        Set<MirrorUrl> own = existing.stream()
                .filter(MergePolicy.Existing::isOwn)
                .map(MergePolicy.Existing::url)
                .collect(Collectors.toSet());
        List<ProbeResult> competing = report.ranked().stream()
                .filter(result -> !own.contains(result.candidate().url()))
                .filter(result -> request.selection().isNamed() || result.isSafeUnasked())
                .filter(result -> result.isUsableBy(request.probing().store()))
                .toList();
        List<ProbeResult> ready = competing.stream()
                .filter(result -> result.verdict() == Verdict.READY)
                .toList();
        boolean mayBeStale = ready.isEmpty() && request.probing().pinned().isEmpty();
        List<ProbeResult> best =
                (mayBeStale ? competing : ready).stream().limit(request.max()).toList();
        boolean ownWorks = !request.replaceAll()
                && report.usable().stream()
                        .anyMatch(result -> own.contains(result.candidate().url()));
        List<Problem> warnings = new ArrayList<>(report.warnings());
        List<MirrorUrl> chosen =
                best.stream().map(result -> result.candidate().url()).toList();
        boolean stays = !best.isEmpty() && isGoodEnough(request, report, existing, best);
        warnings.addAll(ChoiceWarnings.of(report, stays ? List.of() : best));
        return new Choice(chosen, Optional.of(report), warnings, !best.isEmpty() || ownWorks, stays);
    }

    /**
     * Whether the list in the file can stay: every mirror in it is usable, and the first one, which is the one that
     * serves, is about as fast as the best would be.
     */
    private static boolean isGoodEnough(
            Request request, ProbeTask.Report report, List<MergePolicy.Existing> existing, List<ProbeResult> best) {
        Map<MirrorUrl, ProbeResult> usable = report.usable().stream()
                .filter(result -> result.verdict() == Verdict.READY)
                .filter(result -> result.isUsableBy(request.probing().store()))
                .collect(Collectors.toMap(result -> result.candidate().url(), result -> result));
        long competing = existing.stream().filter(entry -> !entry.isOwn()).count();
        boolean allUsable = existing.stream().allMatch(entry -> usable.containsKey(entry.url()));
        boolean ownMustGo = request.replaceAll() && existing.stream().anyMatch(MergePolicy.Existing::isOwn);
        if (existing.isEmpty() || !allUsable || ownMustGo || competing > request.max() || competing == 0) {
            return false;
        }
        Set<MirrorUrl> present =
                existing.stream().map(MergePolicy.Existing::url).collect(Collectors.toSet());
        boolean lacksNamed = request.selection().isNamed()
                && best.stream()
                        .anyMatch(result -> !present.contains(result.candidate().url()));
        if (lacksNamed) {
            return false;
        }
        Duration fastest = Ranking.time(best.get(0));
        Duration limit = fastest.plus(fastest.multipliedBy(TOLERATED_PERCENT).dividedBy(100));
        Duration slack = fastest.plus(TOLERATED);
        Duration current = existing.stream()
                .filter(entry -> !entry.isOwn())
                .flatMap(entry -> Stream.ofNullable(usable.get(entry.url())))
                .findFirst()
                .filter(report.ranked()::contains)
                .map(Ranking::time)
                .orElse(Duration.ofDays(1));
        return current.compareTo(limit.compareTo(slack) > 0 ? limit : slack) <= 0;
    }

    // ---- the plan ----

    private static Plan planned(
            Request request,
            Installation installation,
            Snapshot snapshot,
            EngineFile file,
            List<MergePolicy.Existing> existing,
            Choice choice,
            FlagConflicts conflicts,
            MovedFlags moved,
            List<Problem> situation,
            Optional<Reload> reload) {
        Map<MirrorUrl, ProbeResult> measured = choice.report().stream()
                .flatMap(report -> report.all().stream())
                .collect(Collectors.toMap(result -> result.candidate().url(), result -> result, (a, b) -> a));
        MergePolicy.Merged merged = new MergePolicy(existing, choice.chosen(), measured, request.dropsOwn()).merge();
        List<String> before = file.mirrors();
        ConfigTarget.Format format = installation.target().format();
        boolean isEqual = format.isRead()
                && before.size() == merged.after().size()
                && MirrorLists.areSame(before, merged.after());
        boolean isNone = request.source() == Source.NOTHING;
        boolean stays = (isEqual && !isNone) || choice.stays() || !choice.usable();
        List<String> unchanged =
                !choice.usable() ? before : moved.isEmpty() ? MirrorLists.tidied(existing) : keptOnce(existing);
        List<String> after = stays ? unchanged : merged.after();
        boolean isAbsent = snapshot.content().isEmpty() && moved.isEmpty();
        boolean untouched = !choice.usable() || (stays && isAbsent);
        byte[] content = untouched
                ? snapshot.content().orElse(new byte[0])
                : isNone ? file.withoutMirrors() : file.withMirrors(after);
        List<Problem> mends = untouched ? List.of() : file.mends();
        List<Problem> problems = new ArrayList<>(mends);
        problems.addAll(situation);
        problems.addAll(choice.warnings());
        if (!choice.usable()) {
            choice.report().flatMap(ProbeTask.Report::failure).ifPresent(problems::add);
        }
        if (!stays) {
            problems.addAll(merged.warnings());
        }
        String diff = untouched || !format.isEdited()
                ? ""
                : UnifiedDiff.of(
                        installation.target().file().toString(),
                        snapshot.content().isPresent(),
                        file.decoded(snapshot.content().orElse(new byte[0])),
                        file.decoded(content));
        return new Plan(
                request,
                installation,
                snapshot,
                before,
                after,
                stays ? own(existing) : merged.kept(),
                stays ? List.of() : removed(merged, before, existing, request.source()),
                choice.report(),
                problems,
                mends,
                choice.usable(),
                content,
                moved.files().stream().map(MovedFlags.FlagFile::diff).collect(Collectors.joining("", "", diff)),
                moved,
                moved.isEmpty() && conflicts.needsRestart(),
                reload);
    }

    /** A flag may repeat what stands in the file. */
    private static List<String> keptOnce(List<MergePolicy.Existing> existing) {
        Map<MirrorUrl, String> kept = new LinkedHashMap<>();
        existing.forEach(entry -> kept.putIfAbsent(entry.url(), entry.kept()));
        return List.copyOf(kept.values());
    }

    /** Where every mirror leaves, that is the reason; else those that no engine could use leave with the user's own. */
    private static List<Removed> removed(
            MergePolicy.Merged merged, List<String> before, List<MergePolicy.Existing> existing, Source source) {
        Set<String> understood =
                existing.stream().map(MergePolicy.Existing::spelled).collect(Collectors.toSet());
        List<Removed> removed = new ArrayList<>(merged.removed());
        before.stream()
                .filter(spelled -> !understood.contains(spelled))
                .forEach(spelled -> removed.add(new Removed(spelled, Reason.of("replaced"))));
        return source == Source.NOTHING
                ? removed.stream()
                        .map(one -> new Removed(one.url(), Reason.of("none")))
                        .toList()
                : removed;
    }

    private static List<String> own(List<MergePolicy.Existing> existing) {
        return existing.stream()
                .filter(MergePolicy.Existing::isOwn)
                .map(MergePolicy.Existing::spelled)
                .toList();
    }
}
