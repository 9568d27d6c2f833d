package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.Digest;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What should be said once of the mirrors that were chosen. */
final class ChoiceWarnings {
    private ChoiceWarnings() {}

    /** @param chosen best first; empty where none were, or the list in the file stays */
    static List<Problem> of(ProbeTask.Report report, List<ProbeResult> chosen) {
        List<Problem> warnings = new ArrayList<>();
        if (!chosen.isEmpty() && chosen.get(0).verdict() == Verdict.STALE) {
            warnings.add(Problem.of("stale-chosen", Severity.WARNING));
        }
        report.hubFaster().ifPresent(warnings::add);
        List<ProbeResult> nobodys = chosen.stream()
                .filter(result -> !result.candidate().hasNamedOperator())
                .toList();
        if (!nobodys.isEmpty()) {
            warnings.add(privateOperators(report, nobodys));
        }
        return warnings;
    }

    /**
     * That some are private persons' where nothing was measured, so that there is no evidence of what they serve.
     *
     * @param picked those that nobody named and that are new to the file
     */
    static Optional<Problem> ofUnmeasured(List<MirrorUrl> picked, Catalog catalog) {
        String hosts = picked.stream()
                .filter(url -> !new Candidate(url, catalog.byUrl(url)).hasNamedOperator())
                .map(MirrorUrl::authority)
                .collect(Collectors.joining(", "));
        return hosts.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.of("private-operator-unmeasured", Severity.WARNING, hosts));
    }

    /** A mirror sees what is pulled and decides what a tag means; that others say the same is the evidence. */
    private static Problem privateOperators(ProbeTask.Report report, List<ProbeResult> nobodys) {
        String hosts = nobodys.stream()
                .map(result -> result.candidate().url().authority())
                .collect(Collectors.joining(", "));
        Optional<Digest> digest = nobodys.get(0).digest();
        List<ProbeResult> compared = report.usable().stream()
                .filter(result -> result.digest().isPresent())
                .toList();
        long agreeing = compared.stream()
                .filter(result -> result.digest().equals(digest))
                .count();
        return Problem.of(
                "private-operator", Severity.WARNING, hosts, String.valueOf(agreeing), String.valueOf(compared.size()));
    }
}
