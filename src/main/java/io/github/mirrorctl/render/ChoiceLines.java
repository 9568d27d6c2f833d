package io.github.mirrorctl.render;

import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Sample;
import io.github.mirrorctl.registry.Verdict;
import io.github.mirrorctl.task.Choices;
import io.github.mirrorctl.task.ProbeTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why mirrors were chosen, one a line, and why the others were not, one line for each kind of reason. */
final class ChoiceLines {
    private static final String INDENT = "  ";

    private final Messages messages;
    private final Palette palette;
    private final int columns;

    /** @param columns how wide a line may be; names that do not fit go on the next one */
    ChoiceLines(Messages messages, Palette palette, int columns) {
        this.messages = messages;
        this.palette = palette;
        this.columns = columns;
    }

    List<String> of(Choices choices, ProbeTask.Report report) {
        List<String> lines = new ArrayList<>();
        int ranked = report.ranked().size();
        if (!choices.chosen().isEmpty()) {
            lines.add(palette.strong(text("choices.chosen")));
        }
        for (Choices.Choice choice : choices.chosen()) {
            add(lines, text("choices.one", name(choice.result()), standing(choice, ranked)));
        }
        if (!choices.left().isEmpty()) {
            lines.add(palette.strong(text("choices.left")));
        }
        Map<String, List<ProbeResult>> groups = new LinkedHashMap<>();
        for (Choices.Choice choice : choices.left()) {
            groups.computeIfAbsent(kind(choice), same -> new ArrayList<>()).add(choice.result());
        }
        groups.forEach((kind, results) -> add(lines, group(kind, results)));
        report.hub().ifPresent(hub -> add(lines, text("choices.hub", measured(hub))));
        return lines;
    }

    private String standing(Choices.Choice choice, int ranked) {
        String measured = measured(choice.result());
        return choice.rank().isPresent()
                ? text("choices.rank", String.valueOf(choice.rank().getAsInt()), String.valueOf(ranked), measured)
                : measured;
    }

    /** How long a pull takes, else how long an answer; of one that cannot be used, why. */
    private String measured(ProbeResult result) {
        Optional<Duration> pull = result.sample().map(Sample::pull);
        if (!result.verdict().isUsable()) {
            return messages.conclusion(result);
        }
        return pull.isPresent()
                ? text("choices.pull", Figures.seconds(pull))
                : text("choices.latency", Figures.millis(result.latency().roundTrip()));
    }

    private String kind(Choices.Choice choice) {
        return choice.why() == Choices.Why.UNUSABLE
                ? text("verdict." + choice.result().verdict().key())
                : text("choices." + choice.why().key());
    }

    /** A reason that all of them share is said once, the others behind their names. */
    private String group(String kind, List<ProbeResult> results) {
        String count = String.valueOf(results.size());
        List<String> reasons = results.stream().map(this::reason).distinct().toList();
        if (reasons.size() > 1) {
            String names = messages.listed(results.stream()
                    .map(result -> reason(result).isEmpty()
                            ? name(result)
                            : text("choices.name-reason", name(result), reason(result)))
                    .toList());
            return text("choices.group", kind, count, names);
        }
        String names = messages.listed(results.stream().map(this::name).toList());
        String reason = reasons.get(0);
        return reason.isEmpty()
                ? text("choices.group", kind, count, names)
                : text("choices.group-reason", kind, count, reason, names);
    }

    /** Without the words of the verdict, which the line begins with. */
    private String reason(ProbeResult result) {
        String verdict = text("verdict." + result.verdict().key());
        String reason = result.reason()
                .filter(why -> result.verdict() != Verdict.READY)
                .map(messages::of)
                .orElse("");
        return reason.startsWith(verdict) ? reason.substring(verdict.length()).replaceFirst("^[:：，, ]+", "") : reason;
    }

    private String name(ProbeResult result) {
        return result.candidate().url().toString().replaceFirst("^https://", "");
    }

    private void add(List<String> lines, String text) {
        lines.addAll(Wrapping.lines(INDENT + text, columns));
    }

    private String text(String key, String... arguments) {
        return messages.text(key, arguments);
    }
}
