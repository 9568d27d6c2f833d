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
import io.github.mirrorctl.task.Installation;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.ProxyChoice;
import io.github.mirrorctl.task.Selection;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The user's own catalog: where it is, whether it is right, what goes in and out, and a newer one from elsewhere. */
@Command(name = "catalog", synopsisSubcommandLabel = "COMMAND", sortOptions = false)
final class CatalogCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private CatalogCommand() {}

    static CommandLine line(Context context) {
        return new CommandLine(new CatalogCommand())
                .addSubcommand(new Where(context))
                .addSubcommand(new Validate(context))
                .addSubcommand(new Add(context))
                .addSubcommand(new Remove(context))
                .addSubcommand(new Update(context));
    }

    /** Without a command below: what there is. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "");
    }

    /** What the five have in common. */
    private abstract static class Part implements Callable<Integer> {
        final Context context;

        @Mixin
        private OutputOptions output = new OutputOptions();

        Part(Context context) {
            this.context = context;
        }

        abstract CatalogTask.Report run(CatalogTask task) throws InterruptedException;

        @Override
        public Integer call() throws InterruptedException {
            CatalogTask.Report report = run(new CatalogTask(context.host(), context.clock()));
            context.renderer(output.format).catalog(report);
            return report.isRefused() ? ExitCode.FINDINGS : ExitCode.OK;
        }
    }

    @Command(name = "path", sortOptions = false)
    private static final class Where extends Part {
        Where(Context context) {
            super(context);
        }

        @Override
        CatalogTask.Report run(CatalogTask task) {
            return task.path();
        }
    }

    @Command(name = "validate", sortOptions = false)
    private static final class Validate extends Part {
        @Parameters(paramLabel = "FILE", arity = "0..1", descriptionKey = "option.validate-file")
        private Optional<Path> file = Optional.empty();

        Validate(Context context) {
            super(context);
        }

        @Override
        CatalogTask.Report run(CatalogTask task) {
            return task.validate(file);
        }
    }

    @Command(name = "add", sortOptions = false)
    private static final class Add extends Part {
        /** As mirrors.schema.json has them. */
        private static final List<String> REGIONS = List.of("cn", "global", "ir", "ru");

        private static final List<String> TIERS = List.of("1", "2", "3");

        @Parameters(paramLabel = "URL", descriptionKey = "option.add-url")
        private String url = "";

        @Option(names = "--id", paramLabel = "TEXT", descriptionKey = "option.add-id")
        private Optional<String> id = Optional.empty();

        @Option(names = "--name", paramLabel = "TEXT", descriptionKey = "option.add-name")
        private Optional<String> name = Optional.empty();

        @Option(names = "--operator", paramLabel = "TEXT", descriptionKey = "option.add-operator")
        private Optional<String> operator = Optional.empty();

        @Option(names = "--kind", paramLabel = "KIND", descriptionKey = "option.add-kind")
        private Optional<String> kind = Optional.empty();

        @Option(names = "--tier", paramLabel = "TIER", descriptionKey = "option.add-tier")
        private Optional<String> tier = Optional.empty();

        @Option(names = "--region", paramLabel = "cn|global|ir|ru", descriptionKey = "option.add-region")
        private Optional<String> region = Optional.empty();

        @Option(names = "--note", paramLabel = "TEXT", descriptionKey = "option.add-note")
        private Optional<String> note = Optional.empty();

        @Option(names = "--no-probe", descriptionKey = "option.add-no-probe")
        private boolean noProbe;

        @Option(names = "--force", descriptionKey = "option.add-force")
        private boolean force;

        @Mixin
        private ProbeOptions probing = new ProbeOptions();

        Add(Context context) {
            super(context);
        }

        @Override
        CatalogTask.Report run(CatalogTask task) throws InterruptedException {
            CatalogTask.Addition addition = addition();
            ProbeTask.Options options = probing.options(context.host().architecture());
            task.requireNew(addition);
            Catalog known = context.catalog(Optional.empty());
            if (noProbe) {
                context.pointOfNoReturn().pass();
                return task.add(addition, Optional.empty(), known);
            }
            ProbeTask.Report report = probe(addition.url(), known, options);
            ProbeResult result = report.all().get(0);
            context.pointOfNoReturn().pass();
            return report.ranked().isEmpty() && !force
                    ? task.refused(addition, result)
                    : task.add(addition, Optional.of(result), known);
        }

        private ProbeTask.Report probe(MirrorUrl mirror, Catalog known, ProbeTask.Options options)
                throws InterruptedException {
            Selection selection =
                    new Selection(List.of(mirror.toString()), new Catalog.Filter(Set.of(), Set.of(), Set.of()), false);
            try (Progress progress = context.progress().during(Progress.Wait.ENGINE)) {
                ProxyChoice route = probing.route(context.route(), context.host(), Installation.Hints.NONE);
                return new ProbeTask(known, context.trust(), route).run(selection, options, progress::add);
            }
        }

        private CatalogTask.Addition addition() {
            Map<String, String> members = new LinkedHashMap<>();
            name.ifPresent(text -> members.put("name", both(text)));
            operator.ifPresent(text -> members.put("operator", CatalogText.quoted(text)));
            kind.ifPresent(
                    text -> members.put("kind", CatalogText.quoted(known("--kind", text, ArgumentKind.kinds()))));
            tier.ifPresent(text -> members.put("tier", known("--tier", text, TIERS)));
            region.ifPresent(text -> members.put("region", CatalogText.quoted(known("--region", text, REGIONS))));
            note.ifPresent(text -> members.put("note", both(text)));
            return new CatalogTask.Addition(MirrorUrl.parse(url), id, members);
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

    @Command(name = "remove", sortOptions = false)
    private static final class Remove extends Part {
        @Parameters(paramLabel = "ENTRY", descriptionKey = "option.remove-id")
        private String id = "";

        Remove(Context context) {
            super(context);
        }

        @Override
        CatalogTask.Report run(CatalogTask task) throws InterruptedException {
            context.pointOfNoReturn().pass();
            return task.remove(id);
        }
    }

    @Command(name = "update", sortOptions = false)
    private static final class Update extends Part {
        @Parameters(paramLabel = "URL|FILE", descriptionKey = "option.update-source")
        private String source = "";

        @Option(names = "--sha256", paramLabel = "HEX", descriptionKey = "option.sha256")
        private Optional<String> sha256 = Optional.empty();

        Update(Context context) {
            super(context);
        }

        @Override
        CatalogTask.Report run(CatalogTask task) throws InterruptedException {
            Optional<Digest> expected = sha256.map(Update::digest);
            byte[] content = source.contains("://") ? fetched() : context.read(FileNames.argument(source));
            context.pointOfNoReturn().pass();
            return task.update(content, source, expected);
        }

        /** In a thread of its own, since a Ctrl-C does not end what waits for a socket. */
        private byte[] fetched() throws InterruptedException {
            try (Progress progress = context.progress()) {
                progress.during(Progress.Wait.FETCH);
                Proxies proxies = EngineProxy.ofShell(context.host()).proxies();
                return Ahead.begin("fetch", () -> CatalogFetch.fetch(source, context.trust(), proxies))
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
