package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.mirror.Status;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Ranking;
import io.github.mirrorctl.registry.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The mirrors that compete for the list: the candidates, and those that stand in the file already. It says which win; what
 * becomes of the losers in the file is for {@link Judgement}.
 *
 * @param existing as they stand in the file
 */
record Contest(
        ApplyTask.Request request,
        Catalog catalog,
        ProbeTask prober,
        Selection.Resolved resolved,
        List<MergePolicy.Existing> existing) {
    /** A list this much slower than the best one stays, so that a noisy line changes nothing. */
    private static final int TOLERATED_PERCENT = 20;
    /** Below this a difference is the machine's own unrest, whatever its share. */
    private static final Duration TOLERATED = Duration.ofMillis(20);

    /**
     * The outcome.
     *
     * @param chosen the winners, best first
     * @param report what was measured; empty where nothing was
     * @param named those that the user named
     * @param usable whether anything usable was found
     * @param stays whether the list in the file is good enough to stay as it is
     */
    record Choice(
            List<MirrorUrl> chosen,
            Optional<ProbeTask.Report> report,
            List<Problem> warnings,
            Set<MirrorUrl> named,
            boolean usable,
            boolean stays) {

        Choice {
            chosen = List.copyOf(chosen);
            warnings = List.copyOf(warnings);
            named = Set.copyOf(named);
        }
    }

    Contest {
        existing = List.copyOf(existing);
    }

    /**
     * Chooses in the way that was asked for.
     *
     * @param measured what an earlier plan measured, which is not measured again
     * @param progress told of each mirror as it was measured
     * @throws Fault {@link FaultCode#NO_CANDIDATES} where nobody competes
     */
    Choice choose(Optional<ProbeTask.Report> measured, Consumer<ProbeTask.News> progress) throws InterruptedException {
        return switch (request.source()) {
            case NOTHING -> new Choice(List.of(), Optional.empty(), List.of(), Set.of(), true, false);
            case CATALOG -> byCatalog();
            case PROBE -> measured.isPresent() ? byReport(measured.get()) : byProbe(progress);
        };
    }

    private Choice byCatalog() {
        List<MirrorUrl> chosen;
        if (request.selection().isNamed()) {
            chosen = resolved.candidates().stream().map(Candidate::url).toList();
        } else {
            chosen = withOnesInFile(false).stream()
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
        List<Problem> warnings = new ArrayList<>(resolved.warnings());
        Set<MirrorUrl> present =
                existing.stream().map(MergePolicy.Existing::url).collect(Collectors.toSet());
        List<MirrorUrl> picked = request.selection().isNamed()
                ? List.of()
                : chosen.stream().filter(url -> !present.contains(url)).toList();
        ChoiceWarnings.ofUnmeasured(picked, catalog).ifPresent(warnings::add);
        return new Choice(chosen, Optional.empty(), warnings, named(), true, false);
    }

    private Set<MirrorUrl> named() {
        return resolved.named(request.selection());
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
     * person's where none of these is wanted, and for all where only named ones are to stay; the user's own are measured
     * beside them.
     */
    private List<Candidate> withOnesInFile(boolean withOwn) {
        boolean namedOnly = request.selection().namedOperatorsOnly();
        boolean noOthers = request.replaceAll() && request.selection().isNamed();
        Map<MirrorUrl, Candidate> all = new LinkedHashMap<>();
        resolved.candidates().forEach(candidate -> all.put(candidate.url(), candidate));
        existing.stream()
                .filter(entry -> withOwn || entry.competes())
                .filter(entry -> !namedOnly || entry.candidate().hasNamedOperator())
                .filter(entry -> !noOthers)
                .forEach(entry -> all.putIfAbsent(entry.url(), entry.candidate()));
        return List.copyOf(all.values());
    }

    private Choice byProbe(Consumer<ProbeTask.News> progress) throws InterruptedException {
        List<Candidate> candidates = new ArrayList<>(withOnesInFile(true));
        Set<MirrorUrl> named = named();
        candidates.removeIf(candidate -> candidate.isRetired() && !named.contains(candidate.url()));
        if (candidates.isEmpty()) {
            throw new Fault(FaultCode.NO_CANDIDATES);
        }
        ProbeTask.Report report =
                prober.measure(candidates, serving(), resolved.warnings(), request.probing(), progress);
        Choice choice = byReport(report);
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
        return byReport(both);
    }

    /** The mirrors that serve now: what they are is to be known whether or not others promise more. */
    private Set<MirrorUrl> serving() {
        Stream<MergePolicy.Existing> first = existing.stream().limit(1);
        Stream<MergePolicy.Existing> firstKnown =
                existing.stream().filter(MergePolicy.Existing::competes).limit(1);
        return Stream.concat(first, firstKnown).map(MergePolicy.Existing::url).collect(Collectors.toSet());
    }

    private Choice byReport(ProbeTask.Report report) {
        Set<MirrorUrl> own = existing.stream()
                .filter(entry -> !entry.competes())
                .map(MergePolicy.Existing::url)
                .collect(Collectors.toSet());
        List<ProbeResult> best =
                report.electable(named(), own).stream().limit(request.max()).toList();
        boolean ownWorks = !request.replaceAll()
                && report.usable().stream()
                        .filter(result ->
                                result.isNotRuledOutFor(request.probing().store()))
                        .anyMatch(result -> own.contains(result.candidate().url()));
        List<Problem> warnings = new ArrayList<>(report.warnings());
        List<MirrorUrl> chosen =
                best.stream().map(result -> result.candidate().url()).toList();
        boolean stays = !best.isEmpty() && isGoodEnough(report, best);
        warnings.addAll(ChoiceWarnings.of(report, stays ? List.of() : best));
        boolean usable = !best.isEmpty() || ownWorks;
        if (!usable) {
            warnings.add(report.noChoice(own));
        }
        return new Choice(chosen, Optional.of(report), warnings, named(), usable, stays);
    }

    /**
     * Whether the list in the file can stay: every mirror in it is usable, and the first one, which is the one that
     * serves, is about as fast as the best would be.
     */
    private boolean isGoodEnough(ProbeTask.Report report, List<ProbeResult> best) {
        Map<MirrorUrl, ProbeResult> usable = report.usable().stream()
                .filter(result -> result.verdict() == Verdict.READY)
                .filter(result -> result.isUsableBy(request.probing().store()))
                .collect(Collectors.toMap(result -> result.candidate().url(), result -> result));
        long competing =
                existing.stream().filter(MergePolicy.Existing::competes).count();
        boolean allUsable = existing.stream().allMatch(entry -> usable.containsKey(entry.url()));
        boolean ownMustGo = request.replaceAll() && existing.stream().anyMatch(entry -> !entry.competes());
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
                .filter(MergePolicy.Existing::competes)
                .flatMap(entry -> Stream.ofNullable(usable.get(entry.url())))
                .findFirst()
                .filter(report.ranked()::contains)
                .map(Ranking::time)
                .orElse(Duration.ofDays(1));
        return current.compareTo(limit.compareTo(slack) > 0 ? limit : slack) <= 0;
    }
}
