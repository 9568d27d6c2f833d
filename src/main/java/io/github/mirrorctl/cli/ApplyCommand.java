package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.CloudVendor;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.render.Progress;
import io.github.mirrorctl.render.Renderer;
import io.github.mirrorctl.task.ApplyTask;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.ProxyChoice;
import io.github.mirrorctl.task.Reload;
import io.github.mirrorctl.task.Selection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Chooses mirrors and writes them into the engine's file. */
@Command(name = "apply", sortOptions = false)
final class ApplyCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "MIRROR", arity = "0..*", descriptionKey = "option.mirror")
    private List<String> mirrors = List.of();

    @Option(names = "--max", paramLabel = "N", descriptionKey = "option.max")
    private int max = ProbeTask.USUALLY_CHOSEN;

    @Option(names = "--dry-run", descriptionKey = "option.dry-run")
    private boolean dryRun;

    @Option(names = "--no-probe", descriptionKey = "option.no-probe")
    private boolean noProbe;

    @Option(names = "--replace", descriptionKey = "option.replace")
    private boolean replaceAll;

    @Option(names = "--repair", descriptionKey = "option.repair")
    private boolean repair;

    @Option(names = "--none", descriptionKey = "option.none")
    private boolean none;

    @Option(names = "--move-flags", descriptionKey = "option.move-flags")
    private boolean moveFlags;

    @Option(names = "--reload", descriptionKey = "option.reload")
    private boolean reload;

    @Option(names = "--restart", descriptionKey = "option.restart")
    private boolean restart;

    @Mixin
    private CatalogOptions selection = new CatalogOptions();

    @Mixin
    private ProbeOptions probing = new ProbeOptions();

    @Mixin
    private SystemOptions system = new SystemOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    ApplyCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        requireMeaning();
        ProbeTask.Options options = probing.options(context.host().architecture());
        Catalog catalog = context.catalog(selection.catalog);
        Host host = system.host(context.host());
        Optional<String> cloud = CloudVendor.of(host).map(CloudVendor::operator);
        ApplyTask.Request request = request(catalog, options, cloud);
        Renderer renderer = context.renderer(output.format);
        ApplyTask task;
        ApplyTask.Plan plan;
        try (Progress progress = context.progress().during(Progress.Wait.ENGINE)) {
            ProbeTask prober = new ProbeTask(catalog, context.trust(), route(host));
            task = new ApplyTask(host, catalog, prober, new CommandRunner(), context.clock());
            plan = task.plan(request, progress::add);
        }
        if (!plan.usable()) {
            renderer.plan(plan);
            return ExitCode.FINDINGS;
        }
        if (dryRun) {
            renderer.plan(plan);
            return ExitCode.OK;
        }
        context.pointOfNoReturn().pass();
        plan.reload().ifPresent(found -> renderer.announce(found.notes()));
        ApplyTask.Applied applied;
        try (Progress progress = context.progress()) {
            applied = task.carryOut(plan, progress::waiting);
        }
        renderer.applied(applied);
        return exitCode(applied);
    }

    private static int exitCode(ApplyTask.Applied applied) {
        if (!applied.plan().usable()) {
            return ExitCode.FINDINGS;
        }
        return switch (applied.live().state()) {
            case NOT_ASKED, BEFORE, RELOADED, RESTARTED -> ExitCode.OK;
            case NOT_TAKEN -> ExitCode.ENVIRONMENT;
            case INTERRUPTED -> ExitCode.INTERRUPTED;
        };
    }

    /** The engine is only asked for its proxies where something is measured. */
    private ProxyChoice route(Host host) throws InterruptedException {
        return none || noProbe ? ProxyChoice.UNUSED : probing.route(context.route(), host, system.hints());
    }

    private void requireMeaning() {
        selection.requireMeaning();
        if (max < 1) {
            throw new Fault(FaultCode.USAGE_VALUE, "--max", String.valueOf(max), "N >= 1");
        }
        if (none && (!mirrors.isEmpty() || noProbe)) {
            throw new Fault(FaultCode.USAGE_EXCLUSIVE, "--none", noProbe ? "--no-probe" : "MIRROR");
        }
        if ((reload || restart) && system.root.isPresent()) {
            throw new Fault(FaultCode.USAGE_EXCLUSIVE, restart ? "--restart" : "--reload", "--root");
        }
    }

    private ApplyTask.Request request(Catalog catalog, ProbeTask.Options options, Optional<String> cloud) {
        ApplyTask.Source source =
                none ? ApplyTask.Source.NOTHING : noProbe ? ApplyTask.Source.CATALOG : ApplyTask.Source.PROBE;
        return new ApplyTask.Request(
                new Selection(mirrors, selection.filterForChoosing(catalog), probing.namedOnly, cloud),
                options,
                system.hints(),
                source,
                max,
                dryRun,
                replaceAll,
                moveFlags,
                repair,
                restart ? Reload.Mode.RESTART : reload ? Reload.Mode.RELOAD : Reload.Mode.PRINT);
    }
}
