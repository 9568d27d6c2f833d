package io.github.mirrorctl.task;

import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Why each mirror that was measured is in the list or not.
 *
 * @param chosen those in the list, in its order
 * @param left the others: usable ones by their rank, then the rest in the order in which they were given
 */
public record Choices(List<Choice> chosen, List<Choice> left) {

    public Choices {
        chosen = List.copyOf(chosen);
        left = List.copyOf(left);
    }

    /** What decided; the key is how JSON and the bundles spell it. */
    public enum Why {
        /** It is in the list. */
        CHOSEN("chosen"),
        /** It cannot be used from here, as its verdict says. */
        UNUSABLE("unusable"),
        /** It works, but its tag means something else. */
        STALE("stale"),
        /** Usable, but only by engines with the other image store. */
        OTHER_STORE("other-store"),
        /** Usable, but nothing that is chosen without being named. */
        UNNAMED("unnamed"),
        /** Usable, but not among the most promising, whose layers were sampled. */
        NOT_SAMPLED("not-sampled"),
        /** Usable, and the list in the file is about as fast as the best one. */
        LIST_STAYS("list-stays"),
        /** Usable, and slower than those chosen. */
        SLOWER("slower-than-chosen");

        private final String key;

        Why(String key) {
            this.key = key;
        }

        public String key() {
            return key;
        }
    }

    /**
     * What became of one mirror.
     *
     * @param rank its place among all that were ranked, from 1
     */
    public record Choice(ProbeResult result, OptionalInt rank, Why why) {}

    /**
     * For the list as it will be.
     *
     * @param listed the mirrors in it, in its order
     * @param named by the user
     * @param stays whether that is the list in the file
     */
    static Choices of(
            ProbeTask.Report report,
            Optional<ImageStore> store,
            List<MirrorUrl> listed,
            Set<MirrorUrl> named,
            boolean stays) {
        List<Choice> chosen = new ArrayList<>();
        for (MirrorUrl url : listed) {
            report.all().stream()
                    .filter(result -> result.candidate().url().equals(url))
                    .findFirst()
                    .ifPresent(result -> chosen.add(new Choice(result, rank(report, result), Why.CHOSEN)));
        }
        List<Choice> left = new ArrayList<>();
        for (ProbeResult result : report.all()) {
            if (!listed.contains(result.candidate().url())) {
                left.add(new Choice(result, rank(report, result), why(result, report, store, named, stays)));
            }
        }
        return new Choices(chosen, left);
    }

    private static OptionalInt rank(ProbeTask.Report report, ProbeResult result) {
        int place = report.ranked().indexOf(result);
        return place < 0 ? OptionalInt.empty() : OptionalInt.of(place + 1);
    }

    private static Why why(
            ProbeResult result,
            ProbeTask.Report report,
            Optional<ImageStore> store,
            Set<MirrorUrl> named,
            boolean stays) {
        if (!result.verdict().isUsable()) {
            return Why.UNUSABLE;
        }
        if (result.verdict() == Verdict.STALE) {
            return Why.STALE;
        }
        if (!result.isUsableBy(store)) {
            return Why.OTHER_STORE;
        }
        if (!named.contains(result.candidate().url()) && !result.isSafeUnasked()) {
            return Why.UNNAMED;
        }
        if (!report.ranked().contains(result)) {
            return Why.NOT_SAMPLED;
        }
        return stays ? Why.LIST_STAYS : Why.SLOWER;
    }
}
