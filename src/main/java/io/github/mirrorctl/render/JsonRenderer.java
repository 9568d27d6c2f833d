package io.github.mirrorctl.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.platform.Backup;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Written;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.Digest;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Proxy;
import io.github.mirrorctl.registry.Sample;
import io.github.mirrorctl.task.ApplyTask;
import io.github.mirrorctl.task.CatalogTask;
import io.github.mirrorctl.task.CheckTask;
import io.github.mirrorctl.task.Choices;
import io.github.mirrorctl.task.Finding;
import io.github.mirrorctl.task.Installation;
import io.github.mirrorctl.task.Instruction;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.ProxyChoice;
import io.github.mirrorctl.task.PullProof;
import io.github.mirrorctl.task.RestoreTask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * One JSON document on standard output, in UTF-8 whatever the terminal speaks. Its names are a promise; it is never
 * translated or coloured.
 */
public final class JsonRenderer implements Renderer {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    private static final int SCHEMA_VERSION = 1;

    private final PrintStream out;
    private final PrintStream err;
    private final Messages conversation;
    private final boolean quiet;
    private final Messages messages = Messages.of(Locale.ENGLISH);

    /**
     * @param conversation the language of what is said on {@code err}, beside the document
     * @param quiet whether nothing but errors is
     */
    public JsonRenderer(PrintStream out, PrintStream err, Messages conversation, boolean quiet) {
        this.out = out;
        this.err = err;
        this.conversation = conversation;
        this.quiet = quiet;
    }

    @FunctionalInterface
    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private void document(String command, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.setPrettyPrinter(printer());
            json.writeStartObject();
            json.writeNumberField("schemaVersion", SCHEMA_VERSION);
            json.writeStringField("command", command);
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.write('\n');
        out.write(bytes.toByteArray(), 0, bytes.size());
        out.flush();
    }

    private static DefaultPrettyPrinter printer() {
        DefaultIndenter indenter = DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withArrayEmptySeparator("")
                .withObjectEmptySeparator(""));
        printer.indentArraysWith(indenter);
        printer.indentObjectsWith(indenter);
        return printer;
    }

    @Override
    public void list(Catalog catalog, List<Mirror> mirrors) {
        document("list", json -> {
            text(json, "updated", Optional.of(catalog.updated()));
            json.writeArrayFieldStart("mirrors");
            for (Mirror mirror : mirrors) {
                mirror(json, mirror);
            }
            json.writeEndArray();
        });
    }

    private static void mirror(JsonGenerator json, Mirror mirror) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", mirror.id());
        json.writeStringField("url", mirror.url());
        bilingual(json, "name", mirror.name().en(), mirror.name().zh());
        text(json, "operator", mirror.operator());
        json.writeStringField("kind", mirror.kind().key());
        tier(json, Optional.of(mirror));
        json.writeStringField("status", mirror.status().key());
        text(json, "statusAsOf", mirror.statusAsOf());
        texts(json, "scope", mirror.scope());
        json.writeStringField("region", mirror.region());
        json.writeArrayFieldStart("upstreams");
        for (Mirror.Upstream upstream : mirror.upstreams()) {
            json.writeStartObject();
            json.writeStringField("registry", upstream.registry());
            json.writeStringField("url", upstream.url());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("usage", mirror.usage().key());
        json.writeBooleanField("placeholder", mirror.placeholder());
        text(json, "homepage", mirror.homepage());
        bilingual(json, "note", mirror.note().en(), mirror.note().zh());
        texts(json, "evidence", mirror.evidence());
        json.writeEndObject();
    }

    @Override
    public void probe(ProbeTask.Report report, int most) {
        document("probe", json -> {
            json.writeStringField("image", report.options().images().get(0).toString());
            json.writeStringField("platform", "linux/" + report.options().architecture());
            millis(json, "elapsedMillis", Optional.of(report.elapsed()));
            json.writeNumberField("bytesReceived", report.bytesReceived());
            route(json, report.route());
            json.writeFieldName("hub");
            if (report.hub().isPresent()) {
                result(json, report.hub().get(), OptionalInt.empty());
            } else {
                json.writeNull();
            }
            json.writeArrayFieldStart("mirrors");
            int rank = 0;
            for (ProbeResult result : report.ranked()) {
                if (++rank <= most) {
                    result(json, result, OptionalInt.of(rank));
                }
            }
            for (ProbeResult result : report.others()) {
                result(json, result, OptionalInt.empty());
            }
            json.writeEndArray();
            texts(
                    json,
                    "chosen",
                    report.chosen().stream()
                            .map(result -> result.candidate().url().toString())
                            .toList());
            problems(json, report.warnings());
            if (report.explained().isPresent()) {
                new ExplanationJson(json, messages).write(report.explained().get());
            }
        });
        report.failure().ifPresent(this::say);
    }

    private static void route(JsonGenerator json, ProxyChoice route) throws IOException {
        if (!route.isProxied()) {
            json.writeNullField("proxy");
            return;
        }
        json.writeObjectFieldStart("proxy");
        text(json, "https", route.proxies().https().map(Proxy::toString));
        text(json, "http", route.proxies().http().map(Proxy::toString));
        text(json, "noProxy", route.noProxy());
        json.writeStringField("origin", route.origin().key());
        json.writeStringField("place", route.place());
        json.writeEndObject();
    }

    /** The document of a probe has no place for it. */
    private void say(Problem problem) {
        if (quiet && problem.severity() != Problem.Severity.ERROR) {
            return;
        }
        err.println(conversation.prefix(problem.severity()) + conversation.of(problem));
    }

    private void result(JsonGenerator json, ProbeResult result, OptionalInt rank) throws IOException {
        Optional<Mirror> entry = result.candidate().entry();
        json.writeStartObject();
        number(json, "rank", rank);
        text(json, "id", entry.map(Mirror::id));
        json.writeStringField("url", result.candidate().url().toString());
        tier(json, entry);
        text(json, "status", entry.map(mirror -> mirror.status().key()));
        json.writeStringField("verdict", result.verdict().key());
        text(json, "depth", result.depth().map(Depth::key));
        text(json, "failedAt", result.failedAt().map(step -> step.key()));
        number(json, "httpStatus", result.httpStatus());
        text(json, "reason", result.reason().map(messages::of));
        json.writeObjectFieldStart("latencyMillis");
        millis(json, "dns", result.latency().dns());
        millis(json, "connect", result.latency().connect());
        millis(json, "tls", result.latency().tls());
        millis(json, "firstByte", result.latency().firstByte());
        json.writeEndObject();
        whole(
                json,
                "bytesPerSecond",
                result.sample().map(Sample::bytesPerSecond).orElse(OptionalDouble.empty()));
        millis(json, "estimatedPullMillis", result.sample().map(Sample::pull));
        text(json, "digest", result.digest().map(Digest::toString));
        json.writeEndObject();
    }

    @Override
    public void plan(ApplyTask.Plan plan) {
        apply(ApplyTask.Applied.nothing(plan));
    }

    @Override
    public void announce(List<Problem> notes) {
        notes.forEach(this::say);
    }

    @Override
    public void applied(ApplyTask.Applied applied) {
        apply(applied);
    }

    private void apply(ApplyTask.Applied applied) {
        ApplyTask.Plan plan = applied.plan();
        Optional<Written> written = applied.written();
        List<Written> flagFiles = applied.flagFiles();
        Installation installation = plan.installation();
        document("apply", json -> {
            json.writeBooleanField("changed", applied.changed());
            json.writeBooleanField("dryRun", plan.request().dryRun());
            json.writeStringField("platform", installation.platform().key());
            json.writeStringField("file", installation.target().file().toString());
            text(json, "backup", written.map(w -> w.backup().file().toString()));
            texts(json, "before", plan.before());
            texts(json, "after", plan.after());
            texts(json, "kept", plan.kept());
            json.writeArrayFieldStart("removed");
            for (ApplyTask.Removed removed : plan.removed()) {
                json.writeStartObject();
                json.writeStringField("url", removed.url());
                json.writeStringField("reason", messages.of(removed.reason()));
                json.writeEndObject();
            }
            json.writeEndArray();
            if (plan.choices().isPresent()) {
                json.writeArrayFieldStart("choices");
                for (Choices.Choice choice : plan.choices().get().chosen()) {
                    choice(json, choice);
                }
                for (Choices.Choice choice : plan.choices().get().left()) {
                    choice(json, choice);
                }
                json.writeEndArray();
            }
            json.writeStringField("diff", plan.diff());
            json.writeArrayFieldStart("flagFiles");
            for (int i = 0; i < plan.moved().files().size(); i++) {
                Optional<Written> one = i < flagFiles.size() ? Optional.of(flagFiles.get(i)) : Optional.empty();
                flagFile(json, plan.moved().files().get(i).path(), one);
            }
            json.writeEndArray();
            texts(json, "commands", plan.instruction().map(this::steps).orElseGet(applied::commands));
            texts(json, "fallbackCommands", applied.live().isTaken() ? List.of() : plan.fallbackCommands());
            json.writeBooleanField("written", written.isPresent());
            truth(json, "reloaded", applied.live().reloaded());
            json.writeBooleanField("rolledBack", applied.live().isRolledBack());
            problems(json, applied.problems());
        });
    }

    private void choice(JsonGenerator json, Choices.Choice choice) throws IOException {
        ProbeResult result = choice.result();
        json.writeStartObject();
        json.writeStringField("url", result.candidate().url().toString());
        json.writeStringField("why", choice.why().key());
        number(json, "rank", choice.rank());
        json.writeStringField("verdict", result.verdict().key());
        text(json, "reason", result.reason().map(messages::of));
        millis(json, "roundTripMillis", result.latency().roundTrip());
        millis(json, "estimatedPullMillis", result.sample().map(Sample::pull));
        json.writeEndObject();
    }

    /** One text for each step; what is to be put somewhere is one step. */
    private List<String> steps(Instruction instruction) {
        List<String> steps = new ArrayList<>();
        if (instruction.areCommands()) {
            steps.addAll(instruction.lines());
        } else {
            String where = messages.text("by-hand." + instruction.code(), instruction.file());
            steps.add(where + "\n" + String.join("\n", instruction.lines()));
        }
        steps.addAll(instruction.commands());
        return steps;
    }

    private static void truth(JsonGenerator json, String name, Optional<Boolean> value) throws IOException {
        if (value.isPresent()) {
            json.writeBooleanField(name, value.get());
        } else {
            json.writeNullField(name);
        }
    }

    private static void flagFile(JsonGenerator json, Path file, Optional<Written> written) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", file.toString());
        text(json, "backup", written.map(w -> w.backup().file().toString()));
        json.writeEndObject();
    }

    private void problems(JsonGenerator json, List<Problem> problems) throws IOException {
        json.writeArrayFieldStart("problems");
        for (Problem problem : problems) {
            json.writeStartObject();
            json.writeStringField("code", problem.code());
            json.writeStringField("severity", problem.severity().key());
            json.writeStringField("message", messages.of(problem));
            place(json, problem);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void place(JsonGenerator json, Problem problem) throws IOException {
        text(json, "file", problem.place().map(Problem.Place::file));
        number(
                json,
                "line",
                problem.place()
                        .filter(place -> place.line() > 0)
                        .map(place -> OptionalInt.of(place.line()))
                        .orElse(OptionalInt.empty()));
    }

    @Override
    public void check(CheckTask.Report report) {
        document("check", json -> {
            json.writeStringField("verdict", report.verdict().key());
            texts(json, "configured", report.configured());
            texts(json, "running", report.running());
            text(json, "file", report.installation().map(i -> i.target().file().toString()));
            json.writeObjectFieldStart("engine");
            text(json, "version", report.info().version());
            text(json, "operatingSystem", report.info().operatingSystem());
            truth(json, "rootless", report.info().rootless());
            text(json, "imageStore", report.info().imageStore().map(ImageStore::key));
            json.writeEndObject();
            json.writeArrayFieldStart("findings");
            for (Problem finding : report.findings()) {
                json.writeStartObject();
                json.writeStringField("code", finding.code());
                json.writeStringField("severity", finding.severity().key());
                json.writeStringField("message", messages.of(finding));
                text(json, "remedy", messages.remedy(finding, report.pasting()));
                place(json, finding);
                text(json, "field", Finding.field(finding.code()));
                json.writeEndObject();
            }
            json.writeEndArray();
            pull(json, report.pull());
        });
    }

    private void pull(JsonGenerator json, Optional<PullProof> proof) throws IOException {
        if (proof.isEmpty()) {
            json.writeNullField("pull");
            return;
        }
        json.writeObjectFieldStart("pull");
        json.writeStringField("image", proof.get().image().toString());
        json.writeStringField("judgedFor", proof.get().store().key());
        text(json, "server", proof.get().server());
        json.writeArrayFieldStart("mirrors");
        for (PullProof.Tried step : proof.get().steps()) {
            json.writeStartObject();
            json.writeStringField("url", step.mirror());
            json.writeStringField("verdict", step.probed().verdict().key());
            text(json, "depth", step.probed().depth().map(Depth::key));
            json.writeStringField("outcome", step.outcome());
            json.writeNumberField("costMillis", step.cost().toMillis());
            text(json, "reason", step.probed().reason().map(messages::of));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    @Override
    public void restore(RestoreTask.Report report) {
        document("restore", json -> {
            text(
                    json,
                    "restored",
                    report.written().flatMap(written -> report.restored()).map(Backup::id));
            ConfigTarget target = report.installation().target();
            json.writeStringField("file", target.file().toString());
            json.writeArrayFieldStart("flagFiles");
            for (Written written : report.flagFiles()) {
                flagFile(json, written.file(), Optional.of(written));
            }
            json.writeEndArray();
            texts(json, "commands", report.commands());
            json.writeArrayFieldStart("backups");
            for (RestoreTask.Kept kept : report.backups()) {
                json.writeStartObject();
                json.writeStringField("id", kept.backup().id());
                json.writeStringField("file", kept.backup().file().toString());
                json.writeStringField("time", kept.backup().time().toString());
                texts(json, "mirrors", kept.mirrors());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    @Override
    public void catalog(CatalogTask.Report report) {
        document("catalog", json -> {
            json.writeStringField("action", report.action().key());
            json.writeStringField("file", report.file().toString());
            json.writeBooleanField("exists", report.exists());
            json.writeBooleanField("changed", report.changed());
            text(json, "id", report.entry().map(CatalogTask.Entry::id));
            text(json, "url", report.entry().map(CatalogTask.Entry::url));
            text(json, "verdict", report.probe().map(result -> result.verdict().key()));
            text(json, "reason", report.probe().flatMap(ProbeResult::reason).map(messages::of));
            text(json, "updated", report.catalog().map(Catalog::updated));
            number(
                    json,
                    "mirrors",
                    report.catalog()
                            .map(catalog -> OptionalInt.of(catalog.mirrors().size()))
                            .orElse(OptionalInt.empty()));
            problems(json, report.problems());
        });
    }

    @Override
    public void notice(Problem problem) {
        say(problem);
    }

    @Override
    public void fault(String command, Fault fault) {
        document(command, json -> {
            error(json, fault.code().key(), messages.of(fault));
            if (!fault.problems().isEmpty()) {
                problems(json, fault.problems());
            }
        });
    }

    @Override
    public void failure(String command, String code, Function<Messages, String> sentence) {
        document(command, json -> error(json, code, sentence.apply(messages)));
    }

    private static void error(JsonGenerator json, String code, String message) throws IOException {
        json.writeObjectFieldStart("error");
        json.writeStringField("code", code);
        json.writeStringField("message", message);
        json.writeEndObject();
    }

    // ---- values that may be missing ----

    static void text(JsonGenerator json, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        } else {
            json.writeNullField(name);
        }
    }

    static void number(JsonGenerator json, String name, OptionalInt value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsInt());
        } else {
            json.writeNullField(name);
        }
    }

    /** Rounded, since nothing finer was measured. */
    static void whole(JsonGenerator json, String name, OptionalDouble value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, Math.round(value.getAsDouble()));
        } else {
            json.writeNullField(name);
        }
    }

    /** Milliseconds with three decimals. */
    static void millis(JsonGenerator json, String name, Optional<Duration> value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, BigDecimal.valueOf(value.get().toNanos() / 1000, 3));
        } else {
            json.writeNullField(name);
        }
    }

    static void texts(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static void tier(JsonGenerator json, Optional<Mirror> mirror) throws IOException {
        Optional<Integer> tier = mirror.flatMap(Mirror::tier).map(t -> t.number());
        number(json, "tier", tier.map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    private static void bilingual(JsonGenerator json, String name, String en, String zh) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("en", en);
        json.writeStringField("zh", zh);
        json.writeEndObject();
    }
}
