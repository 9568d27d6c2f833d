package io.github.mirrorctl.registry;

import java.time.Duration;

/**
 * What the first bytes over a line show of its rate.
 *
 * @param least bytes per second that it carries
 * @param most bytes per second that it may carry; the same where the rate is known
 */
record LineRate(double least, double most) {

    static LineRate known(double bytesPerSecond) {
        return new LineRate(bytesPerSecond, bytesPerSecond);
    }

    /** One that carries so much, or more by any factor that can be measured. */
    static LineRate atLeast(double bytesPerSecond) {
        return new LineRate(
                Math.min(bytesPerSecond, PullEstimate.FASTEST_BYTES_PER_SECOND), PullEstimate.FASTEST_BYTES_PER_SECOND);
    }

    /** Bytes per second of a line that carries so many of TCP's first windows in a round trip. */
    static double ofWindows(double firstWindows, Duration roundTrip) {
        return firstWindows * PullEstimate.FIRST_WINDOW_BYTES * 1e9 / Math.max(1, roundTrip.toNanos());
    }

    boolean isKnown() {
        return least == most;
    }

    /** Bytes per second to expect: the geometric middle, as rates of mirrors differ by factors. */
    double likely() {
        return Math.sqrt(least * most);
    }
}
