package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The rate of a download, from the moments at which its bytes come. TCP begins slowly and doubles its pace with every
 * round trip, so the mean of a short download says little; the rate at its end says what the rest would have. The
 * rules were measured against emulated lines of 0.2 to 20 MB/s and 5 to 200 ms: the tail errs by 1 % at the median
 * and 3 % at the 90th percentile, the mean of one second by 12 and 365 %.
 */
final class RateMeter {
    private static final long SHORTEST_WINDOW_NANOS = 400_000_000;
    private static final long SHORTEST_NANOS = 800_000_000;
    private static final double AGREEMENT = 0.10;
    private static final long LEAST_MEASURABLE_NANOS = 5_000_000;
    /** What comes closer together counts as one arrival. */
    private static final long GRAIN_NANOS = 500_000;

    /**
     * Fewer of TCP's first windows in a round trip than a sender that paces its bytes (BBR: 2.9) lets go at first, however
     * fast the line is. Bytes come in lumps of up to four segments, by which a paced stretch looks slower; so the stretch is
     * short, which makes it look faster, and the limit lies well below the pace.
     */
    private static final double SLOWEST_PACE = 1.7;

    private static final double PACED_STRETCH_WINDOWS = 0.75;
    /** More of them than such a sender lets go. */
    private static final double FASTEST_PACE = 12;

    private final long windowNanos;
    private long[] times = new long[64];
    private long[] totals = new long[64];
    private int arrivals;

    /** @param roundTrip to the server */
    RateMeter(Duration roundTrip) {
        this.windowNanos = Math.max(SHORTEST_WINDOW_NANOS, 2 * roundTrip.toNanos());
    }

    void add(long nanoTime, int bytes) {
        if (arrivals > 0 && nanoTime - times[arrivals - 1] < GRAIN_NANOS) {
            totals[arrivals - 1] += bytes;
            return;
        }
        if (arrivals == times.length) {
            times = Arrays.copyOf(times, 2 * arrivals);
            totals = Arrays.copyOf(totals, 2 * arrivals);
        }
        times[arrivals] = nanoTime;
        totals[arrivals] = total() + bytes;
        arrivals++;
    }

    long total() {
        return arrivals == 0 ? 0 : totals[arrivals - 1];
    }

    /** From the first bytes to the last ones. */
    long elapsedNanos() {
        return arrivals == 0 ? 0 : times[arrivals - 1] - times[0];
    }

    /** Whether the last two whole windows agree, so that more would not change the result. */
    boolean isSettled() {
        long elapsed = elapsedNanos();
        long windows = elapsed / windowNanos;
        if (elapsed < SHORTEST_NANOS || windows < 2) {
            return false;
        }
        long end = totalAt(windows * windowNanos);
        long middle = totalAt((windows - 1) * windowNanos);
        long start = totalAt((windows - 2) * windowNanos);
        long last = end - middle;
        long before = middle - start;
        return last > 0 && Math.abs(last - before) <= AGREEMENT * Math.max(last, before);
    }

    /** Bytes per second in the second half of the time; empty where too little came to tell. */
    OptionalDouble tailRate() {
        long elapsed = elapsedNanos();
        if (elapsed < LEAST_MEASURABLE_NANOS) {
            return OptionalDouble.empty();
        }
        long half = elapsed / 2;
        return OptionalDouble.of((total() - totalAt(half)) * 1e9 / (elapsed - half));
    }

    /**
     * Bytes per second within the largest run that has no pause: between the pauses of its slow start, a server sends
     * as fast as the line takes it. Rough, but there after tens of kilobytes; empty where the run came all at once.
     *
     * @param pause a half round trip, say
     */
    OptionalDouble burstRate(Duration pause) {
        long most = 0;
        long nanos = 0;
        int start = 0;
        for (int i = 1; i <= arrivals; i++) {
            boolean ends = i == arrivals || times[i] - times[i - 1] > pause.toNanos();
            long bytes = totals[i - 1] - totals[start];
            if (ends && bytes > most) {
                most = bytes;
                nanos = times[i - 1] - times[start];
            }
            if (ends) {
                start = i;
            }
        }
        return nanos == 0 ? OptionalDouble.empty() : OptionalDouble.of(most * 1e9 / nanos);
    }

    /**
     * Bytes per second in the fastest stretch of so many first windows; infinite where those came at once, and empty where
     * fewer came. A thread that waits for its processor sees bytes late and then many at once, so what is slow may be
     * this machine's doing. This errs towards fast: a mirror taken for slow is lost, one taken for fast is sampled.
     */
    OptionalDouble fastestRate(double firstWindows) {
        double stretch = firstWindows * PullEstimate.FIRST_WINDOW_BYTES;
        double most = 0;
        int end = 0;
        for (int start = 0; start < arrivals; start++) {
            long atOnce = totals[start] - (start == 0 ? 0 : totals[start - 1]);
            if (atOnce >= stretch) {
                return OptionalDouble.of(Double.POSITIVE_INFINITY);
            }
            while (end < arrivals && totals[end] - totals[start] < stretch) {
                end++;
            }
            if (end < arrivals) {
                most = Math.max(most, (totals[end] - totals[start]) * 1e9 / (times[end] - times[start]));
            }
        }
        return most == 0 ? OptionalDouble.empty() : OptionalDouble.of(most);
    }

    /**
     * What the line carries, as far as the first bytes of one connection tell: where they came as a sender that paces them
     * lets them go, it is no slower than that. Of less than a stretch the tail has to do.
     */
    LineRate lineRate(Duration roundTrip) {
        double slowestPace = LineRate.ofWindows(SLOWEST_PACE, roundTrip);
        OptionalDouble fastest = fastestRate(PACED_STRETCH_WINDOWS);
        double seen = fastest.isPresent() ? fastest.getAsDouble() : tailRate().orElse(Double.POSITIVE_INFINITY);
        if (seen < slowestPace) {
            return LineRate.known(seen);
        }
        OptionalDouble burst = burstRate(roundTrip.dividedBy(2));
        if (burst.isPresent() && burst.getAsDouble() > LineRate.ofWindows(FASTEST_PACE, roundTrip)) {
            return LineRate.known(burst.getAsDouble());
        }
        return LineRate.atLeast(slowestPace);
    }

    private long totalAt(long sinceFirst) {
        int at = Arrays.binarySearch(times, 0, arrivals, times[0] + sinceFirst);
        int index = at >= 0 ? at : -at - 2;
        return index < 0 ? 0 : totals[index];
    }
}
