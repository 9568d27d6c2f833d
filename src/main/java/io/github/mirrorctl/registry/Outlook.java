package io.github.mirrorctl.registry;

import java.time.Duration;

/**
 * How long a pull might take from a mirror, by the beginning of a layer. Of a rate between two nothing is known but that
 * mirrors differ by factors, so that any factor is taken for as likely as another. The time is a fixed part and one that
 * is shorter the faster the line is.
 */
final class Outlook {
    /** Of one whose layer was not seen. */
    static final Outlook NONE = new Outlook(LineRate.known(1), Duration.ofDays(1), Duration.ofDays(1));

    private final LineRate rate;
    private final double fixedSeconds;
    /** Of what depends on the rate. */
    private final double bytes;

    /**
     * @param rate what the line carries
     * @param slowest how long a pull takes at the least rate
     * @param fastest how long it takes at the highest
     */
    Outlook(LineRate rate, Duration slowest, Duration fastest) {
        this.rate = rate;
        this.bytes = rate.isKnown() ? 0 : (seconds(slowest) - seconds(fastest)) / (1 / rate.least() - 1 / rate.most());
        this.fixedSeconds = seconds(fastest) - bytes / rate.most();
    }

    /** How long a pull takes at the likely rate. */
    Duration likely() {
        return duration(fixedSeconds + bytes / rate.likely());
    }

    /**
     * How much sooner than another a pull from this one ends, in the mean of all rates that it may have; those at which it
     * ends later count as none.
     */
    Duration gainOver(Duration other) {
        double limit = seconds(other) - fixedSeconds;
        if (rate.isKnown() || limit <= 0) {
            return duration(Math.max(0, limit));
        }
        double from = Math.max(rate.least(), Math.min(rate.most(), bytes / limit));
        double gain = limit * Math.log(rate.most() / from) - bytes * (1 / from - 1 / rate.most());
        return duration(Math.max(0, gain) / Math.log(rate.most() / rate.least()));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
