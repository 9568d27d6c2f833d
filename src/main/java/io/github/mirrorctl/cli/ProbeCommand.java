package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.CloudVendor;
import io.github.mirrorctl.render.Progress;
import io.github.mirrorctl.task.Installation;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.ProxyChoice;
import io.github.mirrorctl.task.Selection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures mirrors and shows their ranking. */
@Command(name = "probe", sortOptions = false)
final class ProbeCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "MIRROR", arity = "0..*", descriptionKey = "option.mirror")
    private List<String> mirrors = List.of();

    @Mixin
    private CatalogOptions selection = new CatalogOptions();

    @Mixin
    private ProbeOptions probing = new ProbeOptions();

    @Option(names = "--top", paramLabel = "N", descriptionKey = "option.top")
    private int top = Integer.MAX_VALUE;

    @Option(names = "--explain", paramLabel = "MIRROR", descriptionKey = "option.explain")
    private Optional<String> explained = Optional.empty();

    @Mixin
    private KeepingOptions keeping = new KeepingOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    ProbeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (top < 1) {
            throw new Fault(FaultCode.USAGE_VALUE, "--top", String.valueOf(top), "N >= 1");
        }
        selection.requireMeaning();
        ProbeTask.Options options = probing.options(context.host().architecture());
        Catalog catalog = context.catalog(selection.catalog);
        Optional<String> cloud = CloudVendor.of(context.host()).map(CloudVendor::operator);
        Selection candidates = new Selection(mirrors, selection.filterForChoosing(catalog), probing.namedOnly, cloud);
        keeping.requireWritable(context);
        ProbeTask.Report report;
        try (Progress progress = context.progress().during(Progress.Wait.ENGINE)) {
            ProxyChoice route = probing.route(context.route(), context.host(), Installation.Hints.NONE);
            ProbeTask task = new ProbeTask(catalog, context.trust(), route);
            report = task.run(candidates, explained, options, progress::add);
        }
        keeping.keep(context, report, catalog);
        context.renderer(output.format).probe(report, top);
        return report.failure().isPresent() ? ExitCode.FINDINGS : ExitCode.OK;
    }
}
