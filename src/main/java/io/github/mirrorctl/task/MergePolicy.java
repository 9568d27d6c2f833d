package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of the mirrors that already stand in the file. A company's own are kept: first while they work, last and
 * with a warning when they fail, and left out only where they would make the engine hang or abort and are on the
 * Internet. Those that the catalog knows compete with the others.
 *
 * @param existing as they stand in the file
 * @param chosen the winners, best first
 * @param measured by address; empty where nothing was measured
 * @param store the image store in use, where it is known
 * @param replaceAll whether the user's own are dropped too
 */
record MergePolicy(
        List<Existing> existing,
        List<MirrorUrl> chosen,
        Map<MirrorUrl, ProbeResult> measured,
        Optional<ImageStore> store,
        boolean replaceAll) {

    /**
     * A mirror in the file.
     *
     * @param spelled as the file writes it
     * @param isNamed whether the command line names it too
     */
    record Existing(String spelled, Candidate candidate, boolean isNamed) {
        /** Whether the catalog does not know it. */
        boolean isOwn() {
            return candidate.entry().isEmpty();
        }

        /** Whether it has to win its place before others; the user's own have theirs, unless they are named with them. */
        boolean competes() {
            return !isOwn() || isNamed;
        }

        MirrorUrl url() {
            return candidate.url();
        }

        /** How it stays in the file: as it is spelled there, unless an engine would not reach it by that. */
        String kept() {
            return MirrorUrl.isSpelledForEngines(spelled) ? spelled : url().toString();
        }
    }

    /**
     * The list as it will be.
     *
     * @param after as they will be spelled
     * @param kept the user's own among them
     */
    record Merged(List<String> after, List<String> kept, List<ApplyTask.Removed> removed, List<Problem> warnings) {

        Merged {
            after = List.copyOf(after);
            kept = List.copyOf(kept);
            removed = List.copyOf(removed);
            warnings = List.copyOf(warnings);
        }
    }

    Merged merge() {
        List<String> after = new ArrayList<>();
        List<String> failing = new ArrayList<>();
        List<ApplyTask.Removed> removed = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        Set<MirrorUrl> placed = new HashSet<>(chosen);
        List<String> losing = new ArrayList<>();
        Set<String> ownChosen = new LinkedHashSet<>();
        for (Existing entry : existing) {
            if (placed.contains(entry.url())) {
                if (entry.isOwn() && chosen.contains(entry.url())) {
                    ownChosen.add(entry.url().toString());
                }
                continue;
            }
            if (!entry.isOwn() || replaceAll) {
                removed.add(new ApplyTask.Removed(entry.spelled(), reasonToLeave(entry)));
            } else if (works(entry)) {
                (entry.competes() ? losing : after).add(entry.kept());
                placed.add(entry.url());
            } else if (isHarmful(entry)) {
                removed.add(new ApplyTask.Removed(entry.spelled(), reasonToLeave(entry)));
            } else {
                failing.add(entry.kept());
                placed.add(entry.url());
                warnings.add(failing(entry));
            }
        }
        List<String> kept = new ArrayList<>(after);
        kept.addAll(ownChosen);
        kept.addAll(losing);
        kept.addAll(failing);
        chosen.forEach(url -> after.add(url.toString()));
        after.addAll(losing);
        after.addAll(failing);
        return new Merged(after, kept, removed, warnings);
    }

    private Optional<ProbeResult> result(Existing entry) {
        return Optional.ofNullable(measured.get(entry.url()));
    }

    private boolean works(Existing entry) {
        return result(entry)
                .map(result -> result.verdict().isUsable() && result.isNotRuledOutFor(store))
                .orElse(true);
    }

    private Problem failing(Existing entry) {
        boolean isForOtherStore =
                result(entry).map(result -> result.verdict().isUsable()).orElse(false);
        return isForOtherStore
                ? Problem.of("kept-for-other-store", Severity.WARNING, entry.spelled())
                : Problem.of("kept-failing", Severity.WARNING, entry.spelled(), verdict(entry));
    }

    private boolean isHarmful(Existing entry) {
        return result(entry)
                .map(result -> result.hangsOrAborts() && !result.isInside())
                .orElse(false);
    }

    private String verdict(Existing entry) {
        return result(entry).map(result -> result.verdict().key()).orElse("");
    }

    private Reason reasonToLeave(Existing entry) {
        if (entry.candidate().isRetired()) {
            return entry.candidate()
                    .entry()
                    .flatMap(Mirror::statusAsOf)
                    .map(day -> Reason.of("retired", day))
                    .orElseGet(() -> Reason.of("retired-some-day"));
        }
        Optional<ProbeResult> result = result(entry);
        if (result.isPresent() && !result.get().verdict().isUsable()) {
            return Reason.of("failed-probe", result.get().verdict().key());
        }
        if (replaceAll && entry.isOwn()) {
            return Reason.of("replaced");
        }
        return result.isPresent() ? Reason.of("slower") : Reason.of("not-chosen");
    }
}
