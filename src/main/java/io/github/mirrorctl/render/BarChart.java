package io.github.mirrorctl.render;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Horizontal bars of times, each made of parts, as SVG. The picture repeats what a table says in numbers, so that it is
 * hidden from readers who do not see it. Colours come from the page's style by the parts' names.
 */
final class BarChart {
    private static final int WIDTH = 760;
    private static final int LABEL_WIDTH = 270;
    private static final int VALUE_WIDTH = 90;
    private static final int ROW = 26;
    private static final int BAR = 16;
    private static final int BASELINE = 17;
    /** In pixels, of some 400: what is shorter would not be seen. */
    private static final double THINNEST = 1.5;

    private final List<String> parts;
    private final List<Bar> bars = new ArrayList<>();

    private record Bar(String label, List<Duration> lengths, String value) {
        Duration total() {
            return lengths.stream().reduce(Duration.ZERO, Duration::plus);
        }
    }

    /** @param parts their names, as the style and the message bundles know them */
    BarChart(String... parts) {
        this.parts = List.of(parts);
    }

    /**
     * Adds a bar.
     *
     * @param value what stands at its end
     * @param lengths one for each part, in their order
     */
    void bar(String label, String value, List<Optional<Duration>> lengths) {
        bars.add(new Bar(
                label,
                lengths.stream().map(length -> length.orElse(Duration.ZERO)).toList(),
                value));
    }

    boolean isEmpty() {
        return bars.isEmpty();
    }

    /** The picture and the meaning of its colours. */
    void write(Html page) {
        page.open("ul", "class", "legend");
        for (String part : parts) {
            page.open("li").open("i", "class", "swatch " + part).close();
            page.words("report.part." + part).close();
        }
        page.close();
        int height = bars.size() * ROW;
        page.open(
                "svg",
                "viewBox",
                "0 0 " + WIDTH + " " + height,
                "class",
                "chart",
                "aria-hidden",
                "true",
                "focusable",
                "false");
        double longest =
                bars.stream().mapToDouble(bar -> bar.total().toNanos()).max().orElse(1);
        double scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / Math.max(1, longest);
        for (int i = 0; i < bars.size(); i++) {
            write(page, bars.get(i), i * ROW, scale);
        }
        page.close();
    }

    private void write(Html page, Bar bar, int top, double scale) {
        page.element(
                "text",
                bar.label(),
                "x",
                String.valueOf(LABEL_WIDTH - 10),
                "y",
                String.valueOf(top + BASELINE),
                "text-anchor",
                "end");
        double left = LABEL_WIDTH;
        for (int i = 0; i < parts.size(); i++) {
            Duration length = bar.lengths().get(i);
            if (!length.isZero()) {
                double width = Math.max(THINNEST, length.toNanos() * scale);
                page.open(
                        "rect",
                        "x",
                        pixels(left),
                        "y",
                        String.valueOf(top + (ROW - BAR) / 2),
                        "width",
                        pixels(width),
                        "height",
                        String.valueOf(BAR),
                        "class",
                        parts.get(i));
                page.close();
                left += width;
            }
        }
        page.element("text", bar.value(), "x", pixels(left + 8), "y", String.valueOf(top + BASELINE));
    }

    static String pixels(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
