package io.github.mirrorctl.render;

import io.github.mirrorctl.registry.PullEstimate;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** Measurements as people read them; {@value #NONE} where there is none. */
final class Figures {
    static final String NONE = "-";

    private Figures() {}

    /**
     * In megabytes per second. What is faster than a young JVM can decrypt is only known to be at least that.
     *
     * @param hasSymbols whether more than ASCII can be shown
     */
    static String speed(OptionalDouble bytesPerSecond, boolean hasSymbols) {
        if (bytesPerSecond.isEmpty()) {
            return NONE;
        }
        double rate = bytesPerSecond.getAsDouble();
        if (rate >= PullEstimate.FASTEST_BYTES_PER_SECOND) {
            return (hasSymbols ? "≥ " : ">= ") + Math.round(PullEstimate.FASTEST_BYTES_PER_SECOND / 1e6) + " MB/s";
        }
        long hundredths = Math.round(rate / 10_000);
        return hundredths >= 100
                ? hundredths / 100 + "." + hundredths / 10 % 10 + " MB/s"
                : Math.round(rate / 1000) + " kB/s";
    }

    /** In seconds with one decimal. */
    static String seconds(Optional<Duration> duration) {
        return duration.map(d -> {
                    long tenths = (d.toMillis() + 50) / 100;
                    return tenths / 10 + "." + tenths % 10 + " s";
                })
                .orElse(NONE);
    }

    /** In milliseconds with one decimal. */
    static String millis(Optional<Duration> duration) {
        return duration.map(d -> {
                    long tenths = (d.toNanos() + 50_000) / 100_000;
                    return tenths / 10 + "." + tenths % 10 + " ms";
                })
                .orElse(NONE);
    }
}
