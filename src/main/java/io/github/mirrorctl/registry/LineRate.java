package io.github.mirrorctl.registry;

import java.time.Duration;

/**
 * What the first bytes over a line tell of its rate, as far as that can be measured.
 *
 * @param least bytes per second that it carries by what is known of it
 * @param most bytes per second that it may carry; the same where the rate is known
 */
record LineRate(double least, double most) {

    static LineRate between(double least, double most) {
        double fastest = PullEstimate.FASTEST_BYTES_PER_SECOND;
        return new LineRate(Math.min(least, fastest), Math.min(most, fastest));
    }

    static LineRate known(double bytesPerSecond) {
        return between(bytesPerSecond, bytesPerSecond);
    }

    /** One that carries so much, or more by any factor. */
    static LineRate atLeast(double bytesPerSecond) {
        return between(bytesPerSecond, Double.POSITIVE_INFINITY);
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
