package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.UnifiedDiff;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What follows for the file from what stands in it and from what was chosen: the list as it will be, what leaves it and
 * why, and the bytes that say so. Immutable.
 */
final class Judgement {
    private final Standing standing;
    private final Contest.Choice choice;
    private final Optional<Reload> reload;
    private final MergePolicy.Merged merged;
    private final List<String> before;
    private final boolean stays;
    private final boolean isUntouched;

    /** @param reload how the engine is made to take the file; empty where nobody asked for it */
    Judgement(Standing standing, Contest.Choice choice, Optional<Reload> reload) {
        this.standing = standing;
        this.choice = choice;
        this.reload = reload;
        this.merged = merged(standing, choice);
        this.before = standing.file().mirrors();
        boolean isEqual = format().isRead()
                && before.size() == merged.after().size()
                && MirrorLists.areSame(before, merged.after());
        this.stays = (isEqual && !removesAll()) || choice.stays() || !choice.usable();
        boolean isAbsent =
                standing.snapshot().content().isEmpty() && standing.moved().isEmpty();
        this.isUntouched = !choice.usable() || (stays && isAbsent);
    }

    private static MergePolicy.Merged merged(Standing standing, Contest.Choice choice) {
        Map<MirrorUrl, ProbeResult> measured = choice.report().stream()
                .flatMap(report -> report.all().stream())
                .collect(Collectors.toMap(result -> result.candidate().url(), result -> result, (a, b) -> a));
        return new MergePolicy(
                        standing.existing(),
                        choice.chosen(),
                        measured,
                        standing.request().probing().store(),
                        standing.request().dropsOwn())
                .merge();
    }

    ApplyTask.Plan plan() {
        MovedFlags moved = standing.moved();
        byte[] content = content();
        List<Problem> mends = isUntouched ? List.of() : standing.file().mends();
        return new ApplyTask.Plan(
                standing.request(),
                standing.installation(),
                standing.snapshot(),
                before,
                after(),
                stays ? standing.own() : merged.kept(),
                stays ? List.of() : removed(),
                choice.report(),
                choice.report()
                        .map(report -> Choices.of(
                                report, standing.request().probing().store(), listed(), choice.named(), stays)),
                problems(mends),
                mends,
                choice.usable(),
                content,
                moved.files().stream()
                        .map(MovedFlags.FlagFile::diff)
                        .collect(Collectors.joining("", "", diff(content))),
                moved,
                moved.isEmpty() && standing.conflicts().needsRestart(),
                isBroken(content),
                reload);
    }

    private boolean isBroken(byte[] content) {
        return format().isEdited() && choice.usable() && EngineFile.isBroken(content, standing.installation());
    }

    private ConfigTarget.Format format() {
        return standing.installation().target().format();
    }

    private boolean removesAll() {
        return standing.request().source() == ApplyTask.Source.NOTHING;
    }

    private List<String> after() {
        if (!stays) {
            return merged.after();
        }
        if (!choice.usable()) {
            return before;
        }
        return standing.moved().isEmpty() ? MirrorLists.tidied(standing.existing()) : keptOnce();
    }

    /** The list as it will be, as far as it can be understood. */
    private List<MirrorUrl> listed() {
        Map<String, MirrorUrl> urls = new HashMap<>();
        choice.chosen().forEach(url -> urls.put(url.toString(), url));
        for (MergePolicy.Existing entry : standing.existing()) {
            urls.put(entry.spelled(), entry.url());
            urls.put(entry.kept(), entry.url());
        }
        return after().stream()
                .filter(urls::containsKey)
                .map(urls::get)
                .distinct()
                .toList();
    }

    /** A flag may repeat what stands in the file. */
    private List<String> keptOnce() {
        Map<MirrorUrl, String> kept = new LinkedHashMap<>();
        standing.existing().forEach(entry -> kept.putIfAbsent(entry.url(), entry.kept()));
        return List.copyOf(kept.values());
    }

    private byte[] content() {
        if (isUntouched) {
            return standing.content();
        }
        return removesAll() ? standing.file().withoutMirrors() : standing.file().withMirrors(after());
    }

    private String diff(byte[] content) {
        return isUntouched || !format().isEdited()
                ? ""
                : UnifiedDiff.of(
                        standing.installation().target().file().toString(),
                        standing.snapshot().content().isPresent(),
                        standing.file().decoded(standing.content()),
                        standing.file().decoded(content));
    }

    private List<Problem> problems(List<Problem> mends) {
        List<Problem> problems = new ArrayList<>(mends);
        problems.addAll(standing.problems());
        problems.addAll(choice.warnings());
        if (!stays) {
            problems.addAll(merged.warnings());
        }
        return problems;
    }

    /** Where every mirror leaves, that is the reason; else those that no engine could use leave with the user's own. */
    private List<ApplyTask.Removed> removed() {
        Set<String> understood =
                standing.existing().stream().map(MergePolicy.Existing::spelled).collect(Collectors.toSet());
        List<ApplyTask.Removed> removed = new ArrayList<>(merged.removed());
        before.stream()
                .filter(spelled -> !understood.contains(spelled))
                .forEach(spelled -> removed.add(new ApplyTask.Removed(spelled, Reason.of("replaced"))));
        return removesAll()
                ? removed.stream()
                        .map(one -> new ApplyTask.Removed(one.url(), Reason.of("none")))
                        .toList()
                : removed;
    }
}
