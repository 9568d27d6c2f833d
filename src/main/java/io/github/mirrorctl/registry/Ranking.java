package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The order in which a pull is expected to be fastest and not to break.
 *
 * <p>Usable mirrors are sorted by the estimated time of a whole pull, or by their round trip where no blob was to be
 * asked for. Groups start at the fastest and reach {@value #GROUP_PERCENT} %
 * beyond it; inside a group those with a named operator come first, then those that serve more than official images,
 * then the lower tier, then the order in which they
 * were given, which is the catalog's. Stale ones come after all others.
 */
public final class Ranking {
    private static final int GROUP_PERCENT = 10;

    private Ranking() {}

    /**
     * The usable ones that were walked to the depth asked for, best first. What did not answer is not in it.
     *
     * @param asked where it is the depth of the blobs, those that were no finalists have no rank
     */
    public static List<ProbeResult> rank(List<ProbeResult> results, Depth asked) {
        List<ProbeResult> comparable = results.stream()
                .filter(result -> asked != Depth.BLOB || result.sample().isPresent())
                .toList();
        List<ProbeResult> ranked = new ArrayList<>(rankAlike(only(comparable, Verdict.READY)));
        ranked.addAll(rankAlike(only(comparable, Verdict.STALE)));
        return ranked;
    }

    private static List<ProbeResult> only(List<ProbeResult> results, Verdict verdict) {
        return results.stream().filter(result -> result.verdict() == verdict).toList();
    }

    private static List<ProbeResult> rankAlike(List<ProbeResult> results) {
        List<ProbeResult> byTime = new ArrayList<>(results);
        byTime.sort((one, other) -> time(one).compareTo(time(other)));
        List<ProbeResult> ranked = new ArrayList<>();
        int start = 0;
        while (start < byTime.size()) {
            Duration fastest = time(byTime.get(start));
            Duration limit = fastest.plus(fastest.multipliedBy(GROUP_PERCENT).dividedBy(100));
            int end = start;
            while (end < byTime.size() && time(byTime.get(end)).compareTo(limit) <= 0) {
                end++;
            }
            // In the order in which they were given, which a sort keeps where nothing else decides.
            List<ProbeResult> group = new ArrayList<>(results);
            group.removeIf(result ->
                    time(result).compareTo(fastest) < 0 || time(result).compareTo(limit) > 0);
            group.sort(Ranking::inGroup);
            ranked.addAll(group);
            start = end;
        }
        return ranked;
    }

    private static int inGroup(ProbeResult one, ProbeResult other) {
        int order = Boolean.compare(
                other.candidate().hasNamedOperator(), one.candidate().hasNamedOperator());
        if (order == 0) {
            order = Boolean.compare(one.hasAllowlist(), other.hasAllowlist());
        }
        return order == 0
                ? Integer.compare(
                        one.candidate().tierNumber(), other.candidate().tierNumber())
                : order;
    }

    /** What a usable mirror is ranked by; one without a measurement comes last. */
    public static Duration time(ProbeResult result) {
        Optional<Duration> pull = result.sample().map(Sample::pull);
        return pull.or(() -> result.latency().roundTrip()).orElse(Duration.ofDays(1));
    }

    /**
     * Marks as stale what is ready and says something else of the tag than the others: than the digest that was asked
     * for, else than Docker Hub, else than most. Where no digest has more voices than another, nobody is called stale.
     *
     * @param hub Docker Hub measured the same way; empty where it was not
     */
    public static List<ProbeResult> compareDigests(
            List<ProbeResult> results, Optional<ProbeResult> hub, Optional<Digest> pinned) {
        Optional<Digest> right = pinned.or(
                        () -> hub.filter(h -> h.verdict() == Verdict.READY).flatMap(ProbeResult::digest))
                .or(() -> majority(results));
        if (right.isEmpty()) {
            return results;
        }
        Digest expected = right.get();
        String code = pinned.isPresent() ? "stale-pinned" : "stale";
        return results.stream().map(result -> compared(result, expected, code)).toList();
    }

    private static ProbeResult compared(ProbeResult result, Digest expected, String code) {
        boolean differs = result.verdict() == Verdict.READY
                && result.digest().map(digest -> !digest.equals(expected)).orElse(false);
        if (!differs) {
            return result;
        }
        Reason stale = Reason.of(code, result.digest().map(Digest::toString).orElse(""), expected.toString());
        return result.withVerdict(Verdict.STALE, result.reason().map(stale::and).orElse(stale));
    }

    private static Optional<Digest> majority(List<ProbeResult> results) {
        Map<Digest, Integer> voices = new HashMap<>();
        for (ProbeResult result : only(results, Verdict.READY)) {
            result.digest().ifPresent(digest -> voices.merge(digest, 1, Integer::sum));
        }
        int most = voices.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        List<Digest> leaders = voices.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .map(Map.Entry::getKey)
                .toList();
        return leaders.size() == 1 ? Optional.of(leaders.get(0)) : Optional.empty();
    }
}
