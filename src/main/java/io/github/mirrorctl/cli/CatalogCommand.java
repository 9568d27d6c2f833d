package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.CatalogText;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.platform.FileNames;
import io.github.mirrorctl.registry.CatalogFetch;
import io.github.mirrorctl.registry.Digest;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Proxies;
import io.github.mirrorctl.render.Progress;
import io.github.mirrorctl.task.CatalogTask;
import io.github.mirrorctl.task.EngineProxy;
import io.github.mirrorctl.task.EngineTraits;
import io.github.mirrorctl.task.Installation;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.Selection;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The user's own catalog: where it is, whether it is right, what goes in and out, and a newer one from elsewhere. */
final class CatalogCommand implements Callable<Integer> {
    private final Arguments arguments = new Arguments();

    private CatalogCommand() {}

    /** With the commands below it. */
    static CommandSpec spec(Context context) {
        CatalogCommand command = new CatalogCommand();
        CommandSpec spec = command.arguments.spec("catalog", command);
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        spec.addSubcommand("path", new Where(context).spec("path"));
        spec.addSubcommand("validate", new Validate(context).spec("validate"));
        spec.addSubcommand("add", new Add(context).spec("add"));
        spec.addSubcommand("remove", new Remove(context).spec("remove"));
        spec.addSubcommand("update", new Update(context).spec("update"));
        return spec;
    }

    /** Without a command below: what there is. */
    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(arguments.owner().commandLine(), "");
    }

    /** What the five have in common. */
    private abstract static class Part implements Subcommand {
        final Context context;
        final Arguments arguments = new Arguments();
        private final OutputOptions output = new OutputOptions(arguments);

        Part(Context context) {
            this.context = context;
        }

        abstract CatalogTask.Report run(CatalogTask task) throws InterruptedException;

        @Override
        public Arguments arguments() {
            return arguments;
        }

        @Override
        public Integer call() throws InterruptedException {
            CatalogTask.Report report = run(new CatalogTask(context.host(), context.clock()));
            context.renderer(output.format()).catalog(report);
            return report.isRefused() ? ExitCode.FINDINGS : ExitCode.OK;
        }
    }

    private static final class Where extends Part {
        Where(Context context) {
            super(context);
        }

        @Override
        CatalogTask.Report run(CatalogTask task) {
            return task.path();
        }
    }

    private static final class Validate extends Part {
        private final Argument<Path> file = arguments.optionalOperand(Path.class, "FILE", "option.validate-file");

        Validate(Context context) {
            super(context);
        }

        @Override
        CatalogTask.Report run(CatalogTask task) {
            return task.validate(file.given());
        }
    }

    private static final class Add extends Part {
        /** As mirrors.schema.json has them. */
        private static final List<String> REGIONS = List.of("cn", "global", "ir", "ru");

        private static final List<String> TIERS = List.of("1", "2", "3");

        private final Argument<String> url = arguments.operand(String.class, "URL", "option.add-url");
        private final Argument<String> id = arguments.option(String.class, "TEXT", "option.add-id", "--id");
        private final Argument<String> name = arguments.option(String.class, "TEXT", "option.add-name", "--name");
        private final Argument<String> operator =
                arguments.option(String.class, "TEXT", "option.add-operator", "--operator");
        private final Argument<String> kind = arguments.option(String.class, "KIND", "option.add-kind", "--kind");
        private final Argument<String> tier = arguments.option(String.class, "TIER", "option.add-tier", "--tier");
        private final Argument<String> region =
                arguments.option(String.class, "cn|global|ir|ru", "option.add-region", "--region");
        private final Argument<String> note = arguments.option(String.class, "TEXT", "option.add-note", "--note");
        private final Argument<Boolean> noProbe = arguments.flag("option.add-no-probe", "--no-probe");
        private final Argument<Boolean> force = arguments.flag("option.add-force", "--force");
        private final ProbeOptions probing = new ProbeOptions(arguments);

        Add(Context context) {
            super(context);
        }

        @Override
        CatalogTask.Report run(CatalogTask task) throws InterruptedException {
            CatalogTask.Addition addition = addition();
            ProbeTask.Options options = probing.options(context.host().architecture());
            task.requireNew(addition);
            Catalog known = context.catalog(Optional.empty());
            if (noProbe.value()) {
                context.pointOfNoReturn().pass();
                return task.add(addition, Optional.empty(), known);
            }
            ProbeTask.Report report = probe(addition.url(), known, options);
            ProbeResult result = report.all().get(0);
            context.pointOfNoReturn().pass();
            return report.ranked().isEmpty() && !force.value()
                    ? task.refused(addition, result)
                    : task.add(addition, Optional.of(result), known);
        }

        private ProbeTask.Report probe(MirrorUrl mirror, Catalog known, ProbeTask.Options options)
                throws InterruptedException {
            Selection selection =
                    new Selection(List.of(mirror.toString()), new Catalog.Filter(Set.of(), Set.of(), Set.of()), false);
            try (Progress progress = context.progress().during(Progress.Wait.ENGINE)) {
                EngineTraits engine = probing.engine(context.route(), context.host(), Installation.Hints.NONE);
                return new ProbeTask(known, context.trust(), context.resolver(), engine.route())
                        .run(selection, options.with(engine.store()), progress::add);
            }
        }

        private CatalogTask.Addition addition() {
            Map<String, String> members = new LinkedHashMap<>();
            name.given().ifPresent(text -> members.put("name", both(text)));
            operator.given().ifPresent(text -> members.put("operator", CatalogText.quoted(text)));
            kind.given()
                    .ifPresent(text ->
                            members.put("kind", CatalogText.quoted(known("--kind", text, ArgumentKind.kinds()))));
            tier.given().ifPresent(text -> members.put("tier", known("--tier", text, TIERS)));
            region.given()
                    .ifPresent(text -> members.put("region", CatalogText.quoted(known("--region", text, REGIONS))));
            note.given().ifPresent(text -> members.put("note", both(text)));
            return new CatalogTask.Addition(MirrorUrl.parse(url.value()), id.given(), members);
        }

        private static String known(String option, String value, List<String> all) {
            if (!all.contains(value)) {
                throw new Fault(FaultCode.USAGE_VALUE, option, value, String.join(", ", all));
            }
            return value;
        }

        private static String both(String text) {
            String json = CatalogText.quoted(text);
            return "{\"en\": " + json + ", \"zh\": " + json + "}";
        }
    }

    private static final class Remove extends Part {
        private final Argument<String> id = arguments.operand(String.class, "ENTRY", "option.remove-id");

        Remove(Context context) {
            super(context);
        }

        @Override
        CatalogTask.Report run(CatalogTask task) throws InterruptedException {
            context.pointOfNoReturn().pass();
            return task.remove(id.value());
        }
    }

    private static final class Update extends Part {
        private final Argument<String> source = arguments.operand(String.class, "URL|FILE", "option.update-source");
        private final Argument<String> sha256 = arguments.option(String.class, "HEX", "option.sha256", "--sha256");

        Update(Context context) {
            super(context);
        }

        @Override
        CatalogTask.Report run(CatalogTask task) throws InterruptedException {
            Optional<Digest> expected = sha256.given().map(Update::digest);
            String from = source.value();
            byte[] content = from.contains("://") ? fetched(from) : context.read(FileNames.argument(from));
            context.pointOfNoReturn().pass();
            return task.update(content, from, expected);
        }

        /** In a thread of its own, since a Ctrl-C does not end what waits for a socket. */
        private byte[] fetched(String url) throws InterruptedException {
            try (Progress progress = context.progress()) {
                progress.during(Progress.Wait.FETCH);
                Proxies proxies = EngineProxy.ofShell(context.host()).proxies();
                return Ahead.begin(
                                "fetch",
                                () -> CatalogFetch.fetch(url, context.trust()::sockets, proxies, context.resolver()))
                        .get();
            }
        }

        private static Digest digest(String text) {
            String prefixed = text.startsWith("sha256:") ? text : "sha256:" + text;
            return Digest.parseSha256(prefixed)
                    .orElseThrow(() -> new Fault(FaultCode.USAGE_VALUE, "--sha256", text, "64 hex digits"));
        }
    }
}
