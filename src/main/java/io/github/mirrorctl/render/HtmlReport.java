package io.github.mirrorctl.render;

import io.github.mirrorctl.daemon.DaemonConfig;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.Latency;
import io.github.mirrorctl.registry.ProbeHistory;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.PullEstimate;
import io.github.mirrorctl.registry.Sample;
import io.github.mirrorctl.registry.Verdict;
import io.github.mirrorctl.task.ProbeTask;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A probe as one HTML page that needs nothing else: it opens from the disk, makes no request, prints, and switches
 * between the two languages. Everything that a mirror said is shown as text and never as markup; the page's own policy
 * forbids whatever it does not carry itself.
 */
public final class HtmlReport {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT);
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

    /**
     * What the page says beside the measurements.
     *
     * @param language the one that it opens in
     * @param time of the run, in the reader's zone
     * @param machine where it ran, such as {@code web1 (Linux, amd64)}
     * @param program name and version
     * @param catalogDate the day of the catalog's last change
     */
    public record Setting(Locale language, ZonedDateTime time, String machine, String program, String catalogDate) {}

    private final ProbeTask.Report report;
    private final Setting setting;
    private final List<ProbeHistory.Run> runs;
    private final Html page = new Html();

    private HtmlReport(ProbeTask.Report report, Setting setting, ProbeHistory history) {
        this.report = report;
        this.setting = setting;
        String image = report.options().images().get(0).toString();
        this.runs = history.runs().stream()
                .filter(run -> run.image().equals(image)
                        && run.depth() == report.options().depth())
                .toList();
    }

    /**
     * The page.
     *
     * @param history of this machine, this run included; without runs where none is kept
     */
    public static String of(ProbeTask.Report report, Setting setting, ProbeHistory history) {
        return new HtmlReport(report, setting, history).written();
    }

    private boolean hasBlobs() {
        return report.options().depth() == Depth.BLOB;
    }

    private String written() {
        String language = setting.language().getLanguage().equals("zh") ? "zh" : "en";
        page.verbatim("<!DOCTYPE html>\n");
        page.open("html", "lang", language, "data-language", language);
        head();
        page.open("body");
        top();
        page.open("main");
        summary();
        ranking();
        latencies();
        pulls();
        file();
        history();
        operators();
        page.close();
        bottom();
        page.open("script").verbatim(resource("report.js")).close();
        page.close().close();
        return page.toString();
    }

    private void head() {
        page.open("head");
        page.empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.empty("meta", "name", "referrer", "content", "no-referrer");
        page.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:;"
                        + " base-uri 'none'; form-action 'none'");
        // A browser asks for an icon where a page has none.
        page.empty("link", "rel", "icon", "href", "data:,");
        page.element("title", "mirrorctl " + DAY_AND_TIME.format(setting.time()));
        page.open("style").verbatim(resource("report.css")).close();
        page.close();
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void top() {
        page.open("header");
        page.open("div", "class", "languages", "role", "group", "aria-label", "Language 语言");
        language("en", "English");
        language("zh", "简体中文");
        page.close();
        page.wordsIn("h1", "report.title");
        page.open("dl", "class", "facts");
        fact(
                "report.image",
                String.join(
                        ", ",
                        report.options().images().stream().map(Object::toString).toList()));
        fact("report.time", TIME.format(setting.time()));
        fact("report.machine", setting.machine());
        page.close().close();
    }

    private void language(String key, String name) {
        page.element("button", name, "type", "button", "lang", key, "data-choose", key);
    }

    private void fact(String key, String value) {
        page.open("div").wordsIn("dt", key).element("dd", value).close();
    }

    // ---- in short ----

    private void summary() {
        page.open("section", "aria-labelledby", "short");
        page.open("h2", "id", "short").words("report.short").close();
        page.open("ul", "class", "cards");
        long usable = report.usable().size();
        card(usable + " / " + report.all().size(), "report.usable");
        if (!report.ranked().isEmpty()) {
            ProbeResult best = report.ranked().get(0);
            card(time(best), hasBlobs() ? "report.best-pull" : "report.best-latency", url(best));
        }
        report.hub().ifPresent(this::hubCard);
        card(Figures.seconds(Optional.of(report.elapsed())), "report.elapsed");
        page.close();
        report.failure().ifPresent(this::warning);
        report.warnings().forEach(this::warning);
        page.close();
    }

    private void hubCard(ProbeResult hub) {
        page.open("li").open("b");
        boolean isTimed = hub.verdict() == Verdict.READY && !time(hub).equals(Figures.NONE);
        if (isTimed) {
            page.text(time(hub));
        } else {
            page.words("verdict." + hub.verdict().key());
        }
        page.close().wordsIn("span", "report.hub").close();
    }

    private void card(String figure, String key, String... arguments) {
        page.open("li").element("b", figure).wordsIn("span", key, arguments).close();
    }

    private void warning(Problem problem) {
        page.open("p", "class", "warning")
                .both(page.english().of(problem), page.chinese().of(problem))
                .close();
    }

    /** What the ranking is by: the pull, or the latency where no blob was asked for. */
    private String time(ProbeResult result) {
        return hasBlobs()
                ? Figures.seconds(result.sample().map(Sample::pull))
                : Figures.millis(result.latency().roundTrip());
    }

    private static String url(ProbeResult result) {
        return result.candidate().url().toString();
    }

    // ---- the table ----

    private void ranking() {
        page.open("section", "aria-labelledby", "ranking");
        page.open("h2", "id", "ranking").words("report.ranking").close();
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-labelledby", "ranking");
        page.open("table");
        page.wordsIn("caption", hasBlobs() ? "report.caption-pull" : "report.caption-latency");
        page.open("thead").open("tr");
        List<String> columns = new ArrayList<>(List.of("rank", "verdict", "mirror"));
        if (hasBlobs()) {
            columns.addAll(List.of("pull", "speed"));
        }
        columns.addAll(List.of("latency", "tier", "operator", "reason"));
        for (String column : columns) {
            page.open("th", "scope", "col").words("report.column." + column).close();
        }
        page.close().close().open("tbody");
        int rank = 0;
        for (ProbeResult result : report.ranked()) {
            row(result, String.valueOf(++rank));
        }
        report.others().forEach(result -> row(result, Figures.NONE));
        report.hub().ifPresent(hub -> row(hub, Figures.NONE));
        page.close().close().close().close();
    }

    private void row(ProbeResult result, String rank) {
        Optional<Mirror> entry = result.candidate().entry();
        page.open("tr", "class", kind(result.verdict()));
        page.element("td", rank, "class", "number");
        page.open("td").open("span", "class", "verdict");
        page.open("span", "class", "sign", "aria-hidden", "true")
                .text(sign(result.verdict()))
                .close();
        page.words("verdict." + result.verdict().key()).close().close();
        page.element("th", url(result), "scope", "row", "class", "url");
        if (hasBlobs()) {
            meter(
                    Figures.seconds(result.sample().map(Sample::pull)),
                    share(result.sample().map(Sample::pull), pullsOfAll()));
            OptionalDouble rate = result.sample().map(Sample::bytesPerSecond).orElse(OptionalDouble.empty());
            meter(Figures.speed(rate, true), Math.min(1, rate.orElse(0) / fastest()));
        }
        meter(
                Figures.millis(result.latency().roundTrip()),
                share(result.latency().roundTrip(), tripsOfAll()));
        page.element(
                "td",
                entry.flatMap(Mirror::tier).map(t -> String.valueOf(t.number())).orElse(Figures.NONE),
                "class",
                "number");
        page.element("td", entry.flatMap(Mirror::operator).orElse(Figures.NONE));
        page.open("td", "class", "reason");
        result.reason()
                .ifPresentOrElse(
                        reason -> page.both(
                                page.english().of(reason), page.chinese().of(reason)),
                        () -> page.text(Figures.NONE));
        page.close().close();
    }

    /** A figure with a bar under it, which says nothing that the figure does not. */
    private void meter(String figure, double share) {
        page.open("td", "class", "number").text(figure);
        if (share > 0) {
            page.open(
                    "svg",
                    "viewBox",
                    "0 0 100 4",
                    "class",
                    "meter",
                    "preserveAspectRatio",
                    "none",
                    "aria-hidden",
                    "true");
            page.open("rect", "width", BarChart.pixels(Math.max(1, share * 100)), "height", "4")
                    .close();
            page.close();
        }
        page.close();
    }

    private static double share(Optional<Duration> one, Stream<Duration> all) {
        double longest = all.mapToDouble(Duration::toNanos).max().orElse(0);
        return one.isEmpty() || longest == 0 ? 0 : one.get().toNanos() / longest;
    }

    private Stream<ProbeResult> everybody() {
        return Stream.concat(report.all().stream(), report.hub().stream());
    }

    private Stream<Duration> pullsOfAll() {
        return everybody().flatMap(result -> result.sample().map(Sample::pull).stream());
    }

    private Stream<Duration> tripsOfAll() {
        return everybody().flatMap(result -> result.latency().roundTrip().stream());
    }

    private double fastest() {
        return Math.min(
                PullEstimate.FASTEST_BYTES_PER_SECOND,
                everybody()
                        .flatMap(result -> result.sample().stream())
                        .mapToDouble(sample -> sample.bytesPerSecond().orElse(0))
                        .max()
                        .orElse(1));
    }

    private static String kind(Verdict verdict) {
        return verdict == Verdict.READY ? "good" : verdict.isUsable() ? "middling" : "bad";
    }

    private static String sign(Verdict verdict) {
        return verdict == Verdict.READY ? "✓" : verdict.isUsable() ? "!" : "✗";
    }

    // ---- the pictures ----

    private void latencies() {
        BarChart chart = new BarChart("dns", "connect", "tls", "first-byte");
        everybody().filter(result -> result.latency().roundTrip().isPresent()).forEach(result -> {
            Latency parts = result.latency();
            Optional<Duration> whole = Stream.of(parts.dns(), parts.connect(), parts.tls(), parts.firstByte())
                    .flatMap(Optional::stream)
                    .reduce(Duration::plus);
            chart.bar(
                    host(result),
                    Figures.millis(whole),
                    List.of(parts.dns(), parts.connect(), parts.tls(), parts.firstByte()));
        });
        figure("latency", chart);
    }

    private void pulls() {
        BarChart chart = new BarChart("handshake", "token", "manifests", "blobs");
        everybody().filter(result -> result.sample().isPresent()).forEach(result -> {
            Sample sample = result.sample().orElseThrow();
            PullEstimate basis = sample.basis();
            Duration blobs =
                    sample.pull().minus(basis.handshake()).minus(basis.token()).minus(basis.manifests());
            chart.bar(
                    host(result),
                    Figures.seconds(Optional.of(sample.pull())),
                    List.of(
                            Optional.of(basis.handshake()),
                            Optional.of(basis.token()),
                            Optional.of(basis.manifests()),
                            Optional.of(blobs)));
        });
        figure("pull", chart);
    }

    private void figure(String what, BarChart chart) {
        if (chart.isEmpty()) {
            return;
        }
        page.open("section", "aria-labelledby", what);
        page.open("h2", "id", what).words("report." + what).close();
        page.open("figure").wordsIn("figcaption", "report." + what + "-note");
        chart.write(page);
        page.close().close();
    }

    private static String host(ProbeResult result) {
        String url = url(result);
        return url.substring(url.indexOf("://") + 3);
    }

    // ---- what to do with it ----

    private void file() {
        if (report.chosen().isEmpty()) {
            return;
        }
        List<String> mirrors = report.chosen().stream().map(HtmlReport::url).toList();
        byte[] json = DaemonConfig.empty("").withMirrors(mirrors);
        page.open("section", "aria-labelledby", "file");
        page.open("h2", "id", "file").words("report.file").close();
        page.wordsIn("p", "report.file-note");
        page.open("div", "class", "copyable");
        page.open("pre", "id", "daemon-json", "tabindex", "0")
                .open("code")
                .text(DaemonConfig.text(json))
                .close()
                .close();
        page.open("button", "type", "button", "data-copy", "daemon-json")
                .words("report.copy")
                .close();
        page.open("span", "class", "copied", "role", "status", "hidden", "hidden")
                .words("report.copied")
                .close();
        page.close().close();
    }

    private void history() {
        if (runs.size() < 2) {
            return;
        }
        page.open("section", "aria-labelledby", "history");
        page.open("h2", "id", "history").words("report.history").close();
        page.wordsIn(
                "p",
                "report.history-note",
                String.valueOf(runs.size()),
                DAY_AND_TIME.format(runs.get(0).time().atZone(setting.time().getZone())));
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-labelledby", "history");
        page.open("table").wordsIn("caption", hasBlobs() ? "report.history-pull" : "report.history-latency");
        page.open("thead").open("tr");
        for (String column : List.of("mirror", "usable", "median", "course")) {
            page.open("th", "scope", "col").words("report.column." + column).close();
        }
        page.close().close().open("tbody");
        everybody().forEach(this::course);
        page.close().close().close().close();
    }

    private void course(ProbeResult result) {
        HistoryChart chart = new HistoryChart(runs, url(result));
        List<Duration> times = chart.times().stream().sorted().toList();
        Optional<Duration> median = times.isEmpty() ? Optional.empty() : Optional.of(times.get(times.size() / 2));
        page.open("tr").element("th", url(result), "scope", "row", "class", "url");
        page.element("td", times.size() + " / " + chart.looks(), "class", "number");
        page.element("td", hasBlobs() ? Figures.seconds(median) : Figures.millis(median), "class", "number");
        page.open("td");
        chart.write(page);
        page.close().close();
    }

    // ---- who they are ----

    private void operators() {
        List<Mirror> known = report.all().stream()
                .flatMap(result -> result.candidate().entry().stream())
                .toList();
        if (known.isEmpty()) {
            return;
        }
        page.open("section", "aria-labelledby", "operators");
        page.open("h2", "id", "operators").words("report.operators").close();
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-labelledby", "operators");
        page.open("table").wordsIn("caption", "report.operators-caption", setting.catalogDate());
        page.open("thead").open("tr");
        for (String column : List.of("mirror", "operator", "kind", "status", "as-of", "note")) {
            page.open("th", "scope", "col").words("report.column." + column).close();
        }
        page.close().close().open("tbody");
        known.forEach(this::operator);
        page.close().close().close().close();
    }

    private void operator(Mirror mirror) {
        page.open("tr").open("th", "scope", "row", "class", "url");
        page.text(mirror.url()).close();
        page.open("td")
                .both(
                        mirror.operator().orElse(mirror.name().en()),
                        mirror.operator().orElse(mirror.name().zh()));
        page.close();
        page.open("td").words("kind." + mirror.kind().key()).close();
        page.open("td").words("status." + mirror.status().key()).close();
        page.element("td", mirror.statusAsOf().orElse(Figures.NONE), "class", "number");
        page.open("td", "class", "reason")
                .both(mirror.note().en(), mirror.note().zh())
                .close();
        page.close();
    }

    private void bottom() {
        page.open("footer")
                .wordsIn("p", "report.made-by", setting.program(), setting.catalogDate())
                .close();
    }
}
