package io.github.mirrorctl.render;

import io.github.mirrorctl.registry.ProbeHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One mirror over the runs that are kept, as a small line of SVG: the higher the slower; a mark at the bottom for a run
 * in which it was not usable; a gap where nobody looked at it.
 */
final class HistoryChart {
    private static final int WIDTH = 240;
    private static final int HEIGHT = 36;
    private static final int MARGIN = 4;

    private final List<ProbeHistory.Run> runs;
    private final String url;

    HistoryChart(List<ProbeHistory.Run> runs, String url) {
        this.runs = runs;
        this.url = url;
    }

    /** What is drawn of a run: the whole pull where that was estimated, else the round trip; empty where not usable. */
    static Optional<Duration> time(ProbeHistory.Entry entry) {
        return entry.verdict().isUsable() ? entry.pull().or(entry::roundTrip) : Optional.empty();
    }

    /** The times of the runs in which it was usable, oldest first. */
    List<Duration> times() {
        return runs.stream()
                .flatMap(run -> run.of(url).stream())
                .flatMap(entry -> time(entry).stream())
                .toList();
    }

    /** In how many runs anybody looked at it. */
    long looks() {
        return runs.stream().filter(run -> run.of(url).isPresent()).count();
    }

    void write(Html page) {
        double slowest = times().stream().mapToDouble(Duration::toNanos).max().orElse(1);
        page.open(
                "svg",
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "class",
                "spark",
                "aria-hidden",
                "true",
                "focusable",
                "false");
        List<String> points = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            double x = MARGIN + (WIDTH - 2.0 * MARGIN) * (runs.size() == 1 ? 0.5 : i / (runs.size() - 1.0));
            Optional<ProbeHistory.Entry> entry = runs.get(i).of(url);
            Optional<Duration> time = entry.flatMap(HistoryChart::time);
            if (time.isPresent()) {
                double y =
                        HEIGHT - MARGIN - (HEIGHT - 3.0 * MARGIN) * time.get().toNanos() / Math.max(1, slowest);
                points.add(BarChart.pixels(x) + "," + BarChart.pixels(y));
            } else {
                line(page, points);
                entry.ifPresent(failed -> mark(page, x));
            }
        }
        line(page, points);
        page.close();
    }

    /** Draws what was gathered; a single point as a dot. */
    private static void line(Html page, List<String> points) {
        if (points.size() == 1) {
            String[] xy = points.get(0).split(",", 2);
            page.open("circle", "cx", xy[0], "cy", xy[1], "r", "2.5").close();
        } else if (!points.isEmpty()) {
            page.open("polyline", "points", String.join(" ", points)).close();
        }
        points.clear();
    }

    private static void mark(Html page, double x) {
        page.open(
                "rect",
                "x",
                BarChart.pixels(x - 1.5),
                "y",
                String.valueOf(HEIGHT - 2 * MARGIN),
                "width",
                "3",
                "height",
                String.valueOf(2 * MARGIN),
                "class",
                "failed");
        page.close();
    }
}
