package io.github.mirrorctl.render;

import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.Digest;
import io.github.mirrorctl.registry.Latency;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.PullEstimate;
import io.github.mirrorctl.registry.Sample;
import io.github.mirrorctl.registry.Verdict;
import io.github.mirrorctl.task.ProbeTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What was measured, one mirror a row: the ranked ones, the others, and Docker Hub. On a terminal, bars rank the figures
 * for the eye, and a sign stands before each verdict.
 */
final class ResultTable {
    private static final String NONE = Figures.NONE;
    /** How many columns a bar has at most. */
    private static final int BAR = 8;

    /** The columns in the order in which they give way. */
    private static final List<String> GIVING_WAY =
            List.of("bars", "tier", "operator", "reason", "latency", "verdict", "speed", "pull", "rank", "url");

    private final Messages messages;
    private final Palette palette;
    private final boolean isWide;
    private final boolean isDrawn;
    private final boolean hasSymbols;
    private final boolean isPlain;
    private final boolean hasSpeed;
    private final List<ProbeResult> shown = new ArrayList<>();
    private final int ranked;
    private final double slowestNanos;
    private final double fastest;

    /**
     * @param most how many of the ranked ones to show
     * @param isDrawn whether with signs and bars, which a pipe has no use for
     * @param hasSymbols whether these may be more than letters
     */
    ResultTable(
            ProbeTask.Report report,
            int most,
            Messages messages,
            Palette palette,
            TextRenderer.Style style,
            boolean isDrawn,
            boolean hasSymbols) {
        this.messages = messages;
        this.palette = palette;
        this.isWide = style == TextRenderer.Style.WIDE;
        this.isPlain = style == TextRenderer.Style.PLAIN;
        this.isDrawn = isDrawn && !isPlain;
        this.hasSymbols = hasSymbols;
        this.hasSpeed = report.options().depth() == Depth.BLOB;
        report.ranked().stream().limit(most).forEach(shown::add);
        this.ranked = shown.size();
        shown.addAll(report.others());
        report.hub().ifPresent(shown::add);
        this.slowestNanos = slowestNanos();
        this.fastest = fastest();
    }

    Table table() {
        Table table = new Table(columns());
        for (int i = 0; i < shown.size(); i++) {
            table.row(cells(shown.get(i), i < ranked ? OptionalInt.of(i + 1) : OptionalInt.empty()));
        }
        return table;
    }

    /** The head of the column that {@link #reasons} stands in for where it had to go. */
    String reasonColumn() {
        return text("column.reason");
    }

    /** The reasons apart from the table, each with the mirrors that share it. */
    List<String> reasons() {
        Map<String, List<String>> mirrors = new LinkedHashMap<>();
        for (ProbeResult result : shown) {
            if (result.reason().isPresent()) {
                mirrors.computeIfAbsent(messages.conclusion(result), same -> new ArrayList<>())
                        .add(result.candidate().url().toString());
            }
        }
        List<String> lines = new ArrayList<>();
        mirrors.forEach((reason, urls) -> {
            lines.add(reason);
            urls.forEach(url -> lines.add("  " + url));
        });
        return lines;
    }

    private List<Table.Column> columns() {
        List<Table.Column> columns = new ArrayList<>(List.of(
                leaving("rank"),
                column("verdict").shorteningAt(turn("verdict")),
                column("url").shorteningAt(turn("url")),
                leaving("latency")));
        if (isDrawn) {
            columns.add(bars());
        }
        if (hasSpeed) {
            columns.add(leaving("speed"));
            if (isDrawn) {
                columns.add(bars());
            }
            columns.add(leaving("pull"));
        }
        if (isWide) {
            Stream.of("dns", "connect", "tls", "first-byte").map(this::column).forEach(columns::add);
            if (hasSpeed) {
                Stream.of("handshake", "token", "manifests", "blob-first-byte")
                        .map(this::column)
                        .forEach(columns::add);
            }
        }
        columns.add(leaving("tier"));
        columns.add(leaving("operator"));
        if (isWide) {
            Stream.of("digest", "requests", "bytes").map(this::column).forEach(columns::add);
        }
        columns.add(leaving("reason"));
        return columns;
    }

    private Table.Column column(String key) {
        return Table.Column.of(text("column." + key));
    }

    private Table.Column leaving(String key) {
        return column(key).leavingAt(turn(key));
    }

    private static Table.Column bars() {
        return Table.Column.of("").leavingAt(turn("bars"));
    }

    private static int turn(String key) {
        return GIVING_WAY.indexOf(key);
    }

    private List<Table.Cell> cells(ProbeResult result, OptionalInt rank) {
        Optional<Mirror> entry = result.candidate().entry();
        Latency latency = result.latency();
        List<Table.Cell> cells = new ArrayList<>(List.of(
                Table.Cell.of(rank.isPresent() ? String.valueOf(rank.getAsInt()) : NONE),
                verdictCell(result),
                Table.Cell.ofUrl(result.candidate().url().toString()),
                Table.Cell.of(Figures.millis(latency.roundTrip()))));
        if (isDrawn) {
            double nanos = latency.roundTrip().map(Duration::toNanos).orElse(0L).doubleValue();
            cells.add(bar(rank.isPresent() ? nanos : 0.0, slowestNanos));
        }
        if (hasSpeed) {
            OptionalDouble rate = rate(result);
            cells.add(Table.Cell.of(Figures.speed(rate, hasSymbols)));
            if (isDrawn) {
                cells.add(bar(rank.isPresent() ? rate.orElse(0) : 0.0, fastest));
            }
            cells.add(Table.Cell.of(Figures.seconds(result.sample().map(Sample::pull))));
        }
        if (isWide) {
            addTimes(latency, result, cells);
        }
        cells.add(Table.Cell.of(
                entry.flatMap(Mirror::tier).map(t -> String.valueOf(t.number())).orElse(NONE)));
        cells.add(Table.Cell.of(entry.flatMap(Mirror::operator).orElse(NONE)));
        if (isWide) {
            cells.add(Table.Cell.of(result.digest().map(Digest::toString).orElse(NONE)));
            cells.add(Table.Cell.of(String.valueOf(result.requests())));
            cells.add(Table.Cell.of(String.valueOf(result.bytesReceived())));
        }
        cells.add(Table.Cell.of(result.reason().map(messages::of).orElse(NONE)));
        return cells;
    }

    private void addTimes(Latency latency, ProbeResult result, List<Table.Cell> cells) {
        Stream.of(latency.dns(), latency.connect(), latency.tls(), latency.firstByte())
                .map(Figures::millis)
                .map(Table.Cell::of)
                .forEach(cells::add);
        if (hasSpeed) {
            Optional<PullEstimate> basis = result.sample().map(Sample::basis);
            Stream.of(
                            basis.map(PullEstimate::handshake),
                            basis.map(PullEstimate::token),
                            basis.map(PullEstimate::manifests),
                            basis.map(PullEstimate::firstByte))
                    .map(Figures::millis)
                    .map(Table.Cell::of)
                    .forEach(cells::add);
        }
    }

    // ---- verdicts ----

    private Table.Cell verdictCell(ProbeResult result) {
        String word = verdict(result);
        Verdict verdict = result.verdict();
        if (!isDrawn) {
            return Table.Cell.of(word).painted(text -> painted(verdict, text));
        }
        String sign = sign(verdict);
        return Table.Cell.of(sign + " " + word).shortenedTo(sign).painted(text -> painted(verdict, text));
    }

    /** For scripts it is the same in every language. */
    private String verdict(ProbeResult result) {
        String key = result.verdict().key();
        return isPlain ? key : text("verdict." + key);
    }

    private String painted(Verdict verdict, String text) {
        return switch (verdict) {
            case READY -> palette.good(text);
            case STALE -> palette.warning(text);
            default -> palette.bad(text);
        };
    }

    private String sign(Verdict verdict) {
        return switch (verdict) {
            case READY -> hasSymbols ? "✓" : "+";
            case STALE -> "!";
            default -> hasSymbols ? "✗" : "x";
        };
    }

    // ---- bars ----

    private static OptionalDouble rate(ProbeResult result) {
        return result.sample().map(Sample::bytesPerSecond).orElse(OptionalDouble.empty());
    }

    /** Of the ranked ones, which alone have bars: those of no use would leave them no room. */
    private double slowestNanos() {
        return shown.stream()
                .limit(ranked)
                .flatMap(result -> result.latency().roundTrip().stream())
                .mapToDouble(Duration::toNanos)
                .max()
                .orElse(0);
    }

    private double fastest() {
        return shown.stream()
                .limit(ranked)
                .flatMapToDouble(result -> rate(result).stream())
                .max()
                .orElse(0);
    }

    private Table.Cell bar(double value, double longest) {
        boolean isEmpty = value <= 0 || longest <= 0;
        int halves = isEmpty ? 0 : (int) Math.max(1, Math.round(2 * BAR * Math.min(1, value / longest)));
        String bar = hasSymbols ? "█".repeat(halves / 2) + (halves % 2 == 1 ? "▌" : "") : "#".repeat((halves + 1) / 2);
        return Table.Cell.of(bar).painted(palette::faint);
    }

    private String text(String key) {
        return messages.text(key);
    }
}
