package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.render.Progress;
import io.github.mirrorctl.render.Renderer;
import io.github.mirrorctl.task.ApplyTask;
import io.github.mirrorctl.task.EngineTraits;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.Reload;
import io.github.mirrorctl.task.Selection;
import java.util.List;

/** Chooses mirrors and writes them into the engine's file. */
final class ApplyCommand implements Subcommand {
    private final Context context;
    private final Arguments arguments = new Arguments();
    private final Argument<List<String>> mirrors = arguments.operands("MIRROR", "option.mirror");
    private final Argument<Integer> max =
            arguments.option(Integer.class, "N", "option.max", "--max").usually(ProbeTask.USUALLY_CHOSEN);
    private final Argument<Boolean> dryRun = arguments.flag("option.dry-run", "--dry-run");
    private final Argument<Boolean> noProbe = arguments.flag("option.no-probe", "--no-probe");
    private final Argument<Boolean> replaceAll = arguments.flag("option.replace", "--replace");
    private final Argument<Boolean> repair = arguments.flag("option.repair", "--repair");
    private final Argument<Boolean> none = arguments.flag("option.none", "--none");
    private final Argument<Boolean> moveFlags = arguments.flag("option.move-flags", "--move-flags");
    private final Argument<Boolean> reload = arguments.flag("option.reload", "--reload");
    private final Argument<Boolean> restart = arguments.flag("option.restart", "--restart");
    private final CatalogOptions selection = new CatalogOptions(arguments);
    private final ProbeOptions probing = new ProbeOptions(arguments);
    private final SystemOptions system = new SystemOptions(arguments);
    private final OutputOptions output = new OutputOptions(arguments);

    ApplyCommand(Context context) {
        this.context = context;
    }

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public Integer call() throws InterruptedException {
        requireMeaning();
        ProbeTask.Options options = probing.options(context.host().architecture());
        Catalog catalog = context.catalog(selection.catalog.given());
        Host host = system.host(context.host());
        Selection candidates = probing.candidates(mirrors.value(), selection, catalog, host);
        Renderer renderer = context.renderer(output.format());
        ApplyTask task;
        ApplyTask.Plan plan;
        try (Progress progress = context.progress().during(Progress.Wait.ENGINE)) {
            EngineTraits engine = engine(host);
            ProbeTask prober = new ProbeTask(catalog, context.trust(), context.resolver(), engine.route());
            task = new ApplyTask(host, catalog, prober, new CommandRunner(), context.clock());
            plan = task.plan(request(candidates, options.with(engine.store())), progress::add);
        }
        if (!plan.usable()) {
            renderer.plan(plan);
            return ExitCode.FINDINGS;
        }
        if (dryRun.value()) {
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

    /** The engine is only asked where something is measured. */
    private EngineTraits engine(Host host) throws InterruptedException {
        return none.value() || noProbe.value()
                ? EngineTraits.UNUSED
                : probing.engine(context.route(), host, system.hints());
    }

    private void requireMeaning() {
        selection.requireMeaning();
        system.hints().requireMeaning();
        if (max.value() < 1) {
            throw new Fault(FaultCode.USAGE_VALUE, "--max", String.valueOf(max.value()), "N >= 1");
        }
        if (none.value() && (!mirrors.value().isEmpty() || noProbe.value())) {
            throw new Fault(FaultCode.USAGE_EXCLUSIVE, "--none", noProbe.value() ? "--no-probe" : "MIRROR");
        }
        if ((reload.value() || restart.value()) && system.namesRoot()) {
            throw new Fault(FaultCode.USAGE_EXCLUSIVE, restart.value() ? "--restart" : "--reload", "--root");
        }
    }

    private ApplyTask.Request request(Selection candidates, ProbeTask.Options options) {
        ApplyTask.Source source = none.value()
                ? ApplyTask.Source.NOTHING
                : noProbe.value() ? ApplyTask.Source.CATALOG : ApplyTask.Source.PROBE;
        return new ApplyTask.Request(
                candidates,
                options,
                system.hints(),
                source,
                max.value(),
                dryRun.value(),
                replaceAll.value(),
                moveFlags.value(),
                repair.value(),
                restart.value() ? Reload.Mode.RESTART : reload.value() ? Reload.Mode.RELOAD : Reload.Mode.PRINT);
    }
}
