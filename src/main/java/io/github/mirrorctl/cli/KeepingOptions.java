package io.github.mirrorctl.cli;

import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.OwnFile;
import io.github.mirrorctl.registry.ProbeHistory;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.render.HtmlReport;
import io.github.mirrorctl.task.ProbeTask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is kept of a probe beside the answer: a page, and a line in the history of this machine. */
final class KeepingOptions {
    private final Argument<Path> report;
    private final Argument<Boolean> history;

    KeepingOptions(Arguments arguments) {
        report = arguments.option(Path.class, "FILE.html", "option.report", "--report");
        history = arguments.flag("option.history", "--history");
    }

    /** Asked before anything is measured, so that no measurement is lost to a folder that is not there. */
    void requireWritable(Context context) throws InterruptedException {
        Optional<Path> file = report.given();
        if (file.isPresent()) {
            page(context, file.get()).requireWritable();
        }
    }

    /** Keeps what was asked for. The history first, so that the page has this run in it. */
    void keep(Context context, ProbeTask.Report found, Catalog catalog) throws InterruptedException {
        boolean isLogged = history.value();
        Optional<Path> file = report.given();
        if (isLogged || file.isPresent()) {
            context.pointOfNoReturn().pass();
        }
        Instant now = context.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        OwnFile kept = OwnFile.secret(context.host(), context.host().stateFile("history.jsonl"));
        if (isLogged) {
            kept.append(ProbeHistory.line(run(found, now)), ProbeHistory.MOST_RUNS);
        }
        if (file.isPresent()) {
            OwnFile page = page(context, file.get());
            HtmlReport.Setting setting = new HtmlReport.Setting(
                    context.messages().locale(),
                    now.atZone(context.clock().getZone()),
                    context.host().description(),
                    "mirrorctl " + Version.text(),
                    catalog.updated());
            List<String> lines = isLogged ? kept.lines() : List.of();
            String html = HtmlReport.of(found, setting, ProbeHistory.parse(lines));
            page.write(html.getBytes(StandardCharsets.UTF_8));
            if (!context.global().isQuiet()) {
                context.console()
                        .err()
                        .println(context.messages()
                                .text("report.wrote", page.path().toString()));
            }
        }
    }

    private static OwnFile page(Context context, Path file) {
        return OwnFile.shared(context.host(), file);
    }

    private static ProbeHistory.Run run(ProbeTask.Report found, Instant now) {
        List<ProbeHistory.Entry> entries = new ArrayList<>();
        int rank = 0;
        for (ProbeResult result : found.ranked()) {
            entries.add(ProbeHistory.Entry.of(result, ++rank));
        }
        found.others().forEach(result -> entries.add(ProbeHistory.Entry.of(result, 0)));
        found.hub().ifPresent(hub -> entries.add(ProbeHistory.Entry.of(hub, 0)));
        String image = found.options().images().get(0).toString();
        return new ProbeHistory.Run(now, image, found.options().depth(), entries);
    }
}
