package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.Digest;
import io.github.mirrorctl.registry.ImageReference;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Prober;
import io.github.mirrorctl.registry.Ranking;
import io.github.mirrorctl.registry.Reason;
import io.github.mirrorctl.registry.Resolver;
import io.github.mirrorctl.registry.TlsSockets;
import io.github.mirrorctl.registry.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Measures mirrors and ranks them. Writes nothing. */
public final class ProbeTask {
    /** How many mirrors make a list, unless somebody says otherwise. */
    public static final int USUALLY_CHOSEN = 3;

    private final Catalog catalog;
    private final TlsSockets tls;
    private final Resolver resolver;
    private final ProxyChoice route;

    /** @param route through whom mirrors and Docker Hub are reached */
    public ProbeTask(Catalog catalog, TlsSockets tls, Resolver resolver, ProxyChoice route) {
        this.catalog = catalog;
        this.tls = tls;
        this.resolver = resolver;
        this.route = route;
    }

    /**
     * How to measure.
     *
     * @param images the first is what mirrors are compared by; all must be served
     * @param pinned what the first image's tag has to mean
     * @param store the image store in use, where it is known
     */
    public record Options(
            List<ImageReference> images,
            Depth depth,
            Duration timeout,
            int parallel,
            String architecture,
            Optional<Digest> pinned,
            Optional<ImageStore> store) {

        public Options {
            images = List.copyOf(images);
        }

        /** The same for an engine that keeps images this way. */
        public Options with(Optional<ImageStore> known) {
            return new Options(images, depth, timeout, parallel, architecture, pinned, known);
        }
    }

    /**
     * What was found.
     *
     * @param route through whom everybody was reached
     * @param hub Docker Hub measured the same way; empty at depth ping
     * @param ranked the usable ones, best first
     * @param others those that are not, and at the depth of the blobs those that were not looked at so far, in the
     *     order in which they were given
     * @param chosen those that make the list where nothing stands in the file yet, best first; empty too where that is
     *     for {@link Contest} to say
     */
    public record Report(
            Options options,
            Duration elapsed,
            ProxyChoice route,
            Optional<ProbeResult> hub,
            List<ProbeResult> ranked,
            List<ProbeResult> others,
            List<ProbeResult> chosen,
            List<Problem> warnings) {

        public Report {
            ranked = List.copyOf(ranked);
            others = List.copyOf(others);
            chosen = List.copyOf(chosen);
            warnings = List.copyOf(warnings);
        }

        /** Bodies and heads of everybody measured. */
        public long bytesReceived() {
            long bytes = hub.map(ProbeResult::bytesReceived).orElse(0L);
            for (ProbeResult result : ranked) {
                bytes += result.bytesReceived();
            }
            for (ProbeResult result : others) {
                bytes += result.bytesReceived();
            }
            return bytes;
        }

        /** Both reports as one, this one's mirrors first. */
        Report and(Report further) {
            return new Report(
                    options,
                    elapsed.plus(further.elapsed),
                    route,
                    further.hub.or(() -> hub),
                    concat(ranked, further.ranked),
                    concat(others, further.others),
                    List.of(),
                    concat(warnings, further.warnings).stream().distinct().toList());
        }

        /**
         * The ones that a list can be made of, best first: unless they were named, none that is only for those who know
         * what they do, none that the engine's store cannot use, and stale ones only where nothing is ready and nobody
         * said what the tag has to mean.
         *
         * @param named by the user
         * @param barred those that do not compete, whatever they are
         */
        List<ProbeResult> electable(Set<MirrorUrl> named, Set<MirrorUrl> barred) {
            List<ProbeResult> competing = ranked.stream()
                    .filter(result -> !barred.contains(result.candidate().url()))
                    .filter(result -> named.contains(result.candidate().url()) || result.isSafeUnasked())
                    .filter(result -> result.isUsableBy(options.store()))
                    .toList();
            List<ProbeResult> ready = competing.stream()
                    .filter(result -> result.verdict() == Verdict.READY)
                    .toList();
            boolean mayBeStale = ready.isEmpty() && options.pinned().isEmpty();
            return mayBeStale ? competing : ready;
        }

        /** With the choice that follows where nothing stands in the file, and what should be said of it. */
        Report choosing(Set<MirrorUrl> named) {
            List<ProbeResult> best =
                    electable(named, Set.of()).stream().limit(USUALLY_CHOSEN).toList();
            List<Problem> said = new ArrayList<>(warnings);
            if (best.isEmpty() && failure().isEmpty()) {
                said.add(unelectable(Problem.Severity.WARNING, Set.of()));
            }
            hubFaster().ifPresent(said::add);
            return new Report(options, elapsed, route, hub, ranked, others, best, said);
        }

        /** Why none of the ranked ones is chosen. */
        private Problem unelectable(Problem.Severity severity, Set<MirrorUrl> barred) {
            List<ProbeResult> competing = ranked.stream()
                    .filter(result -> !barred.contains(result.candidate().url()))
                    .toList();
            boolean fitsStore = competing.stream().anyMatch(result -> result.isUsableBy(options.store()));
            String code = competing.isEmpty() ? "none-but-own" : fitsStore ? "none-unnamed" : "none-for-store";
            return Problem.of(code, severity, Integer.toString(ranked.size()));
        }

        private static <T> List<T> concat(List<T> first, List<T> second) {
            List<T> both = new ArrayList<>(first);
            both.addAll(second);
            return both;
        }

        /** The mirror whose requests were to be shown; empty where none was. */
        public Optional<ProbeResult> explained() {
            return all().stream()
                    .filter(result -> !result.exchanges().isEmpty())
                    .findFirst();
        }

        public List<ProbeResult> all() {
            return concat(ranked, others);
        }

        /** Whether nobody at all could be reached, Docker Hub included: then it is the network or the proxy, not the mirrors. */
        public boolean isOffline() {
            return brokenProxy().isPresent() || isForAll(Report::isUnreachable);
        }

        private boolean isForAll(Predicate<ProbeResult> test) {
            return !all().isEmpty()
                    && all().stream().allMatch(test)
                    && hub.map(test::test).orElse(true);
        }

        /** What is wrong with the proxy, where nobody could be asked for that alone. */
        private Optional<Reason> brokenProxy() {
            Optional<Reason> first = all().stream().findFirst().flatMap(ProbeResult::proxyFailure);
            return first.filter(
                    reason -> isForAll(result -> result.proxyFailure().equals(first)));
        }

        /** Why nobody is chosen, where that is so, though it may be that somebody could be who is named. */
        Problem noChoice(Set<MirrorUrl> barred) {
            return failure().orElseGet(() -> unelectable(Problem.Severity.ERROR, barred));
        }

        /** Why nobody can be chosen, in one sentence that tells the network from the mirrors; empty where somebody can. */
        public Optional<Problem> failure() {
            if (!ranked.isEmpty()) {
                return options.pinned()
                        .filter(digest -> ranked.get(0).verdict() == Verdict.STALE)
                        .map(digest -> Problem.of(
                                "digest-unmet",
                                Problem.Severity.ERROR,
                                Integer.toString(ranked.size()),
                                digest.toString()));
            }
            List<String> arguments = new ArrayList<>(List.of(Integer.toString(others.size())));
            brokenProxy().map(Reason::arguments).ifPresent(arguments::addAll);
            String code = brokenProxy().isPresent()
                    ? "proxy-broken"
                    : isOffline()
                            ? "offline"
                            : isForAll(ProbeResult::endedAtProxy) ? "proxy-without-way" : "nothing-usable";
            return Optional.of(new Problem(code, Problem.Severity.ERROR, arguments, Optional.empty()));
        }

        private static boolean isUnreachable(ProbeResult result) {
            boolean isVerdict = result.verdict() == Verdict.UNKNOWN_HOST || result.verdict() == Verdict.UNREACHABLE;
            return isVerdict && !result.endedAtProxy();
        }

        /** Those that can be pulled through as far as they were looked at. */
        public List<ProbeResult> usable() {
            return all().stream().filter(result -> result.verdict().isUsable()).toList();
        }

        /** That mirrors would slow pulls down, where Docker Hub itself is faster than the best. */
        Optional<Problem> hubFaster() {
            Optional<Duration> direct = hub.filter(h -> h.verdict() == Verdict.READY)
                    .filter(h -> options.depth() != Depth.BLOB || h.sample().isPresent())
                    .map(Ranking::time);
            Optional<Duration> best = ranked.stream()
                    .filter(result -> result.isUsableBy(options.store()))
                    .findFirst()
                    .map(Ranking::time);
            return direct.isPresent() && best.isPresent() && direct.get().compareTo(best.get()) < 0
                    ? Optional.of(Problem.of("hub-faster", Problem.Severity.WARNING))
                    : Optional.empty();
        }
    }

    /**
     * What is told while a probe runs: that it begins, and then each result, a finalist's once more.
     *
     * @param mirrors how many are measured, Docker Hub beside them not counted
     * @param finalists how many of these are sampled at most
     * @param result empty at the beginning; Docker Hub's is one too
     */
    public record News(int mirrors, int finalists, Optional<ProbeResult> result) {}

    /** The same with nobody's requests kept. */
    public Report run(Selection selection, Options options, Consumer<News> progress) throws InterruptedException {
        return run(selection, Optional.empty(), options, progress);
    }

    /**
     * Measures the candidates of a selection.
     *
     * @param explained the one of them whose requests are to be shown, as the command line names it
     * @throws Fault {@link FaultCode#NO_CANDIDATES} where the filters leave none, {@link FaultCode#NOT_A_CANDIDATE}
     *     where the explained one is none of them
     */
    public Report run(Selection selection, Optional<String> explained, Options options, Consumer<News> progress)
            throws InterruptedException {
        Selection.Resolved resolved = selection.resolve(catalog);
        if (resolved.candidates().isEmpty()) {
            throw new Fault(FaultCode.NO_CANDIDATES);
        }
        Optional<MirrorUrl> kept = explained.map(name -> resolved.named(name, catalog));
        return measure(resolved.candidates(), Set.of(), resolved.warnings(), options, kept, progress)
                .choosing(resolved.named(selection));
    }

    /** @param alwaysSampled those that have to be compared with the best, however they look */
    Report measure(
            List<Candidate> candidates,
            Set<MirrorUrl> alwaysSampled,
            List<Problem> warnings,
            Options options,
            Consumer<News> progress)
            throws InterruptedException {
        return measure(candidates, alwaysSampled, warnings, options, Optional.empty(), progress);
    }

    private Report measure(
            List<Candidate> candidates,
            Set<MirrorUrl> alwaysSampled,
            List<Problem> warnings,
            Options options,
            Optional<MirrorUrl> explained,
            Consumer<News> progress)
            throws InterruptedException {
        long start = System.nanoTime();
        boolean withHub = options.depth() != Depth.PING;
        List<Candidate> measured = new ArrayList<>();
        if (withHub) {
            measured.add(Candidate.DOCKER_HUB);
        }
        measured.addAll(candidates);
        Prober.Plan plan = new Prober.Plan(
                options.images(),
                options.depth(),
                options.timeout(),
                options.parallel(),
                options.architecture(),
                options.pinned(),
                options.store(),
                alwaysSampled,
                explained);
        int finalists = options.depth() == Depth.BLOB ? Math.min(Prober.FINALISTS, candidates.size()) : 0;
        progress.accept(new News(candidates.size(), finalists, Optional.empty()));
        List<ProbeResult> raw = new Prober(plan, tls, route.proxies(), resolver)
                .probe(
                        measured,
                        result -> progress.accept(new News(candidates.size(), finalists, Optional.of(result))));
        Optional<ProbeResult> hub = withHub ? Optional.of(raw.get(0)) : Optional.empty();
        List<ProbeResult> results =
                Ranking.compareDigests(withHub ? raw.subList(1, raw.size()) : raw, hub, options.pinned());
        List<ProbeResult> ranked = Ranking.rank(results, options.depth());
        Set<ProbeResult> withRank = Collections.newSetFromMap(new IdentityHashMap<>());
        withRank.addAll(ranked);
        List<ProbeResult> others =
                results.stream().filter(result -> !withRank.contains(result)).toList();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        List<Problem> said = Report.concat(warnings, route.problems());
        return new Report(options, elapsed, route, hub, ranked, others, List.of(), said);
    }
}
