package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.render.Progress;
import io.github.mirrorctl.task.EngineTraits;
import io.github.mirrorctl.task.Installation;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.Selection;
import java.util.List;

/** Measures mirrors and shows their ranking. */
final class ProbeCommand implements Subcommand {
    private final Context context;
    private final Arguments arguments = new Arguments();
    private final Argument<List<String>> mirrors = arguments.operands("MIRROR", "option.mirror");
    private final CatalogOptions selection = new CatalogOptions(arguments);
    private final ProbeOptions probing = new ProbeOptions(arguments);
    private final Argument<Integer> top =
            arguments.option(Integer.class, "N", "option.top", "--top").usually(Integer.MAX_VALUE);
    private final Argument<String> explained = arguments.option(String.class, "MIRROR", "option.explain", "--explain");
    private final KeepingOptions keeping = new KeepingOptions(arguments);
    private final OutputOptions output = new OutputOptions(arguments);

    ProbeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public Integer call() throws InterruptedException {
        int shown = top.value();
        if (shown < 1) {
            throw new Fault(FaultCode.USAGE_VALUE, "--top", String.valueOf(shown), "N >= 1");
        }
        selection.requireMeaning();
        ProbeTask.Options options = probing.options(context.host().architecture());
        Catalog catalog = context.catalog(selection.catalog.given());
        Selection candidates = probing.candidates(mirrors.value(), selection, catalog, context.host());
        keeping.requireWritable(context);
        ProbeTask.Report report;
        try (Progress progress = context.progress().during(Progress.Wait.ENGINE)) {
            EngineTraits engine = probing.engine(context.route(), context.host(), Installation.Hints.NONE);
            ProbeTask task = new ProbeTask(catalog, context.trust(), context.resolver(), engine.route());
            report = task.run(candidates, explained.given(), options.with(engine.store()), progress::add);
        }
        keeping.keep(context, report, catalog);
        context.renderer(output.format()).probe(report, shown);
        return report.failure().isPresent() ? ExitCode.FINDINGS : ExitCode.OK;
    }
}
