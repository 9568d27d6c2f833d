package io.github.mirrorctl.render;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Written;
import io.github.mirrorctl.task.ApplyTask;
import io.github.mirrorctl.task.CatalogTask;
import io.github.mirrorctl.task.CheckTask;
import io.github.mirrorctl.task.Finding;
import io.github.mirrorctl.task.Instruction;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.PullProof;
import io.github.mirrorctl.task.RestoreTask;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Tables and sentences: the answer on standard output, the conversation about it on standard error. */
public final class TextRenderer implements Renderer {
    private static final String NONE = Figures.NONE;
    private static final String INDENT = "  ";

    /** How tables look. */
    public enum Style {
        TABLE,
        /** With every column. */
        WIDE,
        /** Separated by tabs, without a head. */
        PLAIN
    }

    private final PrintStream out;
    private final PrintStream err;
    private final Messages messages;
    private final Palette outPalette;
    private final Palette errPalette;
    private final Style style;
    private final boolean quiet;
    private final Screen screen;

    /** @param quiet whether only the answer and errors are written */
    public TextRenderer(
            PrintStream out,
            PrintStream err,
            Messages messages,
            Palette outPalette,
            Palette errPalette,
            Style style,
            boolean quiet,
            Screen screen) {
        this.out = out;
        this.err = err;
        this.messages = messages;
        this.outPalette = outPalette;
        this.errPalette = errPalette;
        this.style = style;
        this.quiet = quiet;
        this.screen = screen;
    }

    // ---- list ----

    @Override
    public void list(Catalog catalog, List<Mirror> mirrors) {
        boolean isWide = style == Style.WIDE;
        List<Table.Column> columns = new ArrayList<>(List.of(
                column("id").leavingAt(7),
                column("url").shorteningAt(6),
                column("tier").leavingAt(4),
                column("status").leavingAt(5),
                column("as-of").leavingAt(2),
                column("region").leavingAt(3),
                column("operator").leavingAt(2),
                column("scope").leavingAt(1)));
        if (isWide) {
            columns.addAll(List.of(column("name"), column("note")));
        }
        Table table = new Table(columns);
        for (Mirror mirror : mirrors) {
            List<Table.Cell> cells = new ArrayList<>(List.of(
                    Table.Cell.of(mirror.id()),
                    Table.Cell.ofUrl(mirror.url()),
                    Table.Cell.of(mirror.tier()
                            .map(tier -> String.valueOf(tier.number()))
                            .orElse(NONE)),
                    Table.Cell.of(status(mirror)),
                    Table.Cell.of(mirror.statusAsOf().orElse(NONE)),
                    Table.Cell.of(mirror.region()),
                    Table.Cell.of(mirror.operator().orElse(NONE)),
                    Table.Cell.of(String.join(",", mirror.scope()))));
            if (isWide) {
                cells.add(Table.Cell.of(messages.in(mirror.name())));
                cells.add(Table.Cell.of(messages.in(mirror.note())));
            }
            table.row(cells);
        }
        print(table);
        String key = catalog.updated().isEmpty() ? "list.summary-undated" : "list.summary";
        say(text(key, String.valueOf(mirrors.size()), catalog.updated()));
    }

    /** For scripts it is the same in every language. */
    private String status(Mirror mirror) {
        String key = mirror.status().key();
        return style == Style.PLAIN ? key : text("status." + key);
    }

    private Table.Column column(String key) {
        return Table.Column.of(text("column." + key));
    }

    private void print(Table table) {
        print(table, out, outPalette, screen.outIsTerminal());
    }

    private Table.Fitted print(Table table, PrintStream to, Palette palette, boolean isTerminal) {
        boolean fits = isTerminal && style != Style.WIDE;
        Table.Fitted fitted = style == Style.PLAIN && to == out
                ? new Table.Fitted(table.plain(), Set.of())
                : table.fitted(fits ? screen.columns() : Integer.MAX_VALUE, palette::strong);
        // At once, since the stream is flushed after all that is printed to it.
        StringBuilder lines = new StringBuilder();
        for (String line : fitted.lines()) {
            lines.append(line).append(System.lineSeparator());
        }
        to.print(lines);
        return fitted;
    }

    /** The table, and below it the reasons where they have no room beside the figures. */
    private void results(ProbeTask.Report report, int most, PrintStream to, Palette palette, boolean isTerminal) {
        ResultTable results = new ResultTable(report, most, messages, palette, style, isTerminal, screen.hasSymbols());
        if (print(results.table(), to, palette, isTerminal).gone().contains(results.reasonColumn())) {
            to.println();
            results.reasons()
                    .forEach(line -> Wrapping.lines(line, screen.columns()).forEach(to::println));
        }
    }

    // ---- probe ----

    @Override
    public void probe(ProbeTask.Report report, int most) {
        if (!report.isOffline()) {
            results(report, most, out, outPalette, screen.outIsTerminal());
        }
        report.explained()
                .map(result -> new Explanation(result, messages, screen.hasSymbols()))
                .ifPresent(this::explain);
        report.warnings().forEach(this::warn);
        if (report.failure().isPresent()) {
            warn(report.failure().get());
            return;
        }
        if (!report.chosen().isEmpty()) {
            List<String> urls = report.chosen().stream()
                    .map(result -> result.candidate().url().toString())
                    .toList();
            say(text("probe.next", String.join(" ", urls)));
        }
    }

    private void explain(Explanation explanation) {
        if (style == Style.PLAIN) {
            print(explanation.table());
            return;
        }
        out.println();
        explanation.lines().forEach(this::answer);
    }

    // ---- apply ----

    @Override
    public void plan(ApplyTask.Plan plan) {
        if (!plan.usable()) {
            explain(plan);
            say(text("apply.untouched", plan.installation().target().file().toString()));
            return;
        }
        explain(plan);
        if (plan.instruction().isPresent()) {
            instruct(plan.instruction().get(), plan.installation().options());
            return;
        }
        if (!plan.changes()) {
            answer(text("apply.unchanged", plan.installation().target().file().toString()));
            return;
        }
        showDiff(plan);
        say(text("apply.dry-run"));
    }

    private void showDiff(ApplyTask.Plan plan) {
        plan.diff().lines().forEach(line -> out.println(coloured(Messages.cleanedWhole(line))));
    }

    private String coloured(String line) {
        if (line.startsWith("+")) {
            return outPalette.good(line);
        }
        return line.startsWith("-") ? outPalette.bad(line) : line;
    }

    @Override
    public void announce(List<Problem> notes) {
        notes.forEach(this::warn);
    }

    @Override
    public void applied(ApplyTask.Applied applied) {
        ApplyTask.Plan plan = applied.plan();
        explain(plan);
        if (plan.instruction().isPresent()) {
            instruct(plan.instruction().get(), plan.installation().options());
            return;
        }
        String file = plan.installation().target().file().toString();
        Optional<Written> written = applied.written();
        applied.live().problems().forEach(this::warn);
        if (applied.live().isRolledBack()) {
            answer(outPalette::bad, text("apply.put-back", file));
            return;
        }
        if (written.isEmpty()) {
            answer(text("apply.unchanged", file));
        } else {
            if (!plan.mends().isEmpty()) {
                showDiff(plan);
            }
            answer(outPalette::good, text("apply.wrote", file));
            answer(text(
                    "apply.backup",
                    written.get().backup().file().toString(),
                    plan.installation().options()));
            for (Written flagFile : applied.flagFiles()) {
                answer(
                        outPalette::good,
                        text("apply.wrote-flags", flagFile.file().toString()));
                answer(text("apply.flags-backup", flagFile.backup().file().toString()));
            }
        }
        if (plan.after().isEmpty()) {
            answer(text("apply.now-none"));
            if (written.isPresent() && plan.installation().target().format() == ConfigTarget.Format.DAEMON_JSON) {
                say(text("apply.empty-list-stays"));
            }
        } else {
            answer(text("apply.now"));
            plan.after().forEach(url -> out.println("  " + Messages.cleaned(url)));
        }
        switch (applied.live().state()) {
            case BEFORE -> answer(outPalette::good, text("apply.live"));
            case RELOADED -> answer(outPalette::good, text("apply.reloaded"));
            case RESTARTED -> answer(outPalette::good, text("apply.restarted"));
            case NOT_ASKED, NOT_TAKEN, INTERRUPTED -> {
                if (written.isPresent()) {
                    commands(plan);
                }
            }
        }
    }

    /** What is left to the file's owner. */
    private void instruct(Instruction instruction, String options) {
        answer(text("by-hand." + instruction.code(), instruction.file()));
        instruction.lines().forEach(line -> out.println("  " + outPalette.strong(Messages.cleaned(line))));
        if (!instruction.commands().isEmpty()) {
            answer(text("commands.now"));
            instruction.commands().forEach(command -> out.println("  " + outPalette.strong(command)));
        }
        answer(text("commands.then-check", options));
    }

    /** Why each mirror was chosen or left out, on the conversation's side. */
    private void explain(ApplyTask.Plan plan) {
        plan.probe().filter(report -> !quiet && !report.isOffline()).ifPresent(report -> {
            if (style == Style.WIDE) {
                results(report, Integer.MAX_VALUE, err, errPalette, screen.errIsTerminal());
            }
            plan.choices()
                    .map(choices -> new ChoiceLines(messages, errPalette, screen.errColumns()).of(choices, report))
                    .ifPresent(lines -> lines.forEach(err::println));
        });
        for (ApplyTask.Removed removed : plan.removed()) {
            say(text("apply.removed", removed.url(), messages.of(removed.reason())));
        }
        for (String kept : plan.kept()) {
            say(text("apply.kept", kept));
        }
        plan.problems().forEach(this::warn);
    }

    private void commands(ApplyTask.Plan plan) {
        if (plan.isBroken()) {
            answer(outPalette::bad, text("commands.broken"));
            return;
        }
        if (plan.restarts()) {
            answer(text("commands.restart"));
        }
        answer(text("commands.now"));
        plan.commands().forEach(command -> out.println("  " + outPalette.strong(command)));
        if (plan.installation().platform().isDesktop()) {
            answer(text("commands.desktop-menu"));
        }
        if (!plan.fallbackCommands().isEmpty()) {
            answer(text("commands.fallback"));
            plan.fallbackCommands().forEach(command -> out.println("  " + command));
        }
        answer(text("commands.then-check", plan.installation().options()));
    }

    // ---- check ----

    @Override
    public void check(CheckTask.Report report) {
        boolean isOfAnother = report.verdict() == CheckTask.Verdict.UNKNOWN
                && report.info().mirrors().isPresent();
        String verdict = text(
                isOfAnother ? "check.elsewhere" : "check." + report.verdict().key());
        UnaryOperator<String> paint =
                switch (report.verdict()) {
                    case ACTIVE -> outPalette::good;
                    case INACTIVE, DRIFT -> outPalette::bad;
                    case UNKNOWN -> outPalette::warning;
                };
        answer(paint, verdict);
        report.installation()
                .ifPresent(
                        i -> mirrors(text("check.configured", i.target().file().toString()), report.configured()));
        if (report.info().mirrors().isPresent()) {
            mirrors(text("check.running", report.info().version().orElse("?")), report.running());
        }
        report.pull().ifPresent(this::pull);
        for (Problem finding : report.findings()) {
            String sentence = withEvidence(finding);
            print(
                    out,
                    screen.outColumns(),
                    prefix(finding.severity(), Palette.PLAIN),
                    prefix(finding.severity(), outPalette),
                    sentence);
            messages.remedy(finding, report.pasting()).ifPresent(remedy -> out.println("  -> " + remedy));
        }
        sayFirstRemedy(report);
    }

    /** Where there is more than one, so that it is not just what was said last. */
    private void sayFirstRemedy(CheckTask.Report report) {
        List<String> remedies = report.findings().stream()
                .flatMap(finding -> messages.remedy(finding, report.pasting()).stream())
                .toList();
        if (remedies.size() > 1) {
            say(text("check.next", remedies.get(0)));
        }
    }

    private void pull(PullProof proof) {
        answer(text("check.pull", proof.image().toString()));
        for (PullProof.Tried step : proof.steps()) {
            String verdict = text("verdict." + step.probed().verdict().key());
            Optional<String> reason = step.probed()
                    .reason()
                    .map(messages::of)
                    .filter(why -> !why.equals(verdict))
                    .or(() -> step.isProven() ? Optional.empty() : Optional.of(text("check.pull.manifest")));
            answer(INDENT
                    + reason.map(why -> text("check.pull.one-reason", step.mirror(), verdict, why))
                            .orElseGet(() -> text("check.pull.one", step.mirror(), verdict)));
        }
    }

    /** Where it stands, else what of the engine's answer shows it. */
    private String withEvidence(Problem finding) {
        String sentence = messages.of(finding);
        return finding.place().isPresent()
                ? sentence + place(finding)
                : Finding.field(finding.code())
                        .map(field -> text("check.evidence", sentence, field))
                        .orElse(sentence);
    }

    private void mirrors(String heading, List<String> mirrors) {
        answer(heading);
        if (mirrors.isEmpty()) {
            out.println("  " + text("check.none"));
        }
        mirrors.forEach(mirror -> out.println("  " + Messages.cleaned(mirror)));
    }

    // ---- restore ----

    @Override
    public void restore(RestoreTask.Report report) {
        String file = report.installation().target().file().toString();
        if (report.restored().isEmpty()) {
            backups(report, file);
            return;
        }
        String id = report.restored().get().id();
        if (report.written().isEmpty()) {
            answer(text("restore.unchanged", file, id));
            return;
        }
        answer(outPalette::good, text("restore.done", file, id));
        for (Written flagFile : report.flagFiles()) {
            answer(outPalette::good, text("restore.done", flagFile.file().toString(), id));
        }
        if (!report.flagFiles().isEmpty()) {
            answer(text("commands.restart"));
        } else if (report.needsRestart()) {
            answer(text("restore.needs-restart"));
        }
        if (report.isBroken()) {
            boolean isJson = report.installation().target().format() == ConfigTarget.Format.DAEMON_JSON;
            String key = isJson ? "restore.broken" : "restore.broken-flags";
            answer(outPalette::bad, text(key, report.installation().options()));
            return;
        }
        answer(text("commands.now"));
        report.commands().forEach(command -> out.println("  " + outPalette.strong(command)));
    }

    private void backups(RestoreTask.Report report, String file) {
        if (report.backups().isEmpty()) {
            String none = text("restore.no-backups", file);
            if (style == Style.PLAIN) {
                say(none);
            } else {
                answer(none);
            }
            return;
        }
        Table table = new Table(List.of(
                column("id"), column("time").leavingAt(1), column("mirrors").leavingAt(2)));
        for (RestoreTask.Kept kept : report.backups()) {
            String mirrors = kept.backup().absent()
                    ? text("restore.no-file")
                    : kept.mirrors().isEmpty() ? NONE : String.join(" ", kept.mirrors());
            table.row(kept.backup().id(), kept.backup().time().toString(), mirrors);
        }
        print(table);
    }

    // ---- catalog ----

    @Override
    public void catalog(CatalogTask.Report report) {
        String file = report.file().toString();
        String id = report.entry().map(CatalogTask.Entry::id).orElse("");
        String url = report.entry().map(CatalogTask.Entry::url).orElse("");
        String date = report.catalog().map(Catalog::updated).orElse("");
        String count = report.catalog()
                .map(catalog -> String.valueOf(catalog.mirrors().size()))
                .orElse("");
        if (report.isRefused()) {
            warn(Problem.of("entry-unusable", Problem.Severity.ERROR, url, conclusion(report)));
            return;
        }
        switch (report.action()) {
            case PATH -> {
                out.println(file);
                say(text(report.exists() ? "catalog.exists" : "catalog.absent"));
            }
            case VALIDATE -> answer(outPalette::good, text("catalog.valid", file, count));
            case ADD -> {
                answer(outPalette::good, text("catalog.added", id, url, file));
                if (report.probe().isPresent()) {
                    say(text("catalog.probed", conclusion(report)));
                }
            }
            case REMOVE -> answer(outPalette::good, text("catalog.removed", id, file));
            case UPDATE ->
                answer(
                        outPalette::good,
                        text(report.changed() ? "catalog.updated" : "catalog.unchanged", file, date, count));
        }
        report.problems().forEach(this::warn);
    }

    private String conclusion(CatalogTask.Report report) {
        return report.probe().map(messages::conclusion).orElse("");
    }

    @Override
    public void notice(Problem problem) {
        warn(problem);
    }

    // ---- failures ----

    @Override
    public void fault(String command, Fault fault) {
        complain(Problem.Severity.ERROR, messages.of(fault));
        for (Problem problem : fault.problems()) {
            warn(problem);
        }
    }

    @Override
    public void failure(String command, String code, Function<Messages, String> sentence) {
        complain(Problem.Severity.ERROR, Messages.cleaned(sentence.apply(messages)));
    }

    private void warn(Problem problem) {
        if (quiet && problem.severity() != Problem.Severity.ERROR) {
            return;
        }
        complain(problem.severity(), messages.of(problem) + place(problem));
        if (problem.severity() != Problem.Severity.INFO) {
            problem.place().ifPresent(this::showLine);
        }
    }

    /** The line itself with a mark below the column. */
    private void showLine(Problem.Place place) {
        if (place.column() < 1) {
            return;
        }
        SourceExcerpt excerpt = SourceExcerpt.of(place.spot(), screen.columns() - INDENT.length());
        if (!excerpt.line().isBlank()) {
            err.println(INDENT + excerpt.line());
            err.println(INDENT + excerpt.mark());
        }
    }

    private void say(String sentence) {
        if (!quiet) {
            Wrapping.lines(sentence, screen.errColumns()).forEach(err::println);
        }
    }

    private void answer(String sentence) {
        answer(UnaryOperator.identity(), sentence);
    }

    private void answer(UnaryOperator<String> paint, String sentence) {
        Wrapping.lines(sentence, screen.outColumns()).forEach(line -> out.println(paint.apply(line)));
    }

    /** A sentence behind a word in its own colour. */
    private static void print(PrintStream to, int columns, String plain, String painted, String sentence) {
        List<String> lines = Wrapping.lines(plain + sentence, columns);
        boolean isAlone = lines.get(0).length() < plain.length();
        to.println(isAlone ? painted.stripTrailing() : painted + lines.get(0).substring(plain.length()));
        lines.stream().skip(1).forEach(to::println);
    }

    private void complain(Problem.Severity severity, String sentence) {
        print(err, screen.errColumns(), prefix(severity, Palette.PLAIN), prefix(severity, errPalette), sentence);
    }

    private String prefix(Problem.Severity severity, Palette palette) {
        String prefix = messages.prefix(severity);
        String word = prefix.stripTrailing();
        String painted =
                switch (severity) {
                    case ERROR -> palette.bad(word);
                    case WARNING -> palette.warning(word);
                    case INFO -> palette.faint(word);
                };
        return painted + prefix.substring(word.length());
    }

    private static String place(Problem problem) {
        return problem.place()
                .map(place -> Messages.cleaned(place.file()) + (place.line() > 0 ? ":" + place.line() : ""))
                .map(place -> " (" + place + ")")
                .orElse("");
    }

    private String text(String key, String... arguments) {
        return messages.text(key, arguments);
    }
}
