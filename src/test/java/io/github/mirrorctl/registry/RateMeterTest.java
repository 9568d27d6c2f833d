package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateMeterTest {
    private static final long MILLI = 1_000_000;
    private static final Duration NEAR = Duration.ofMillis(10);

    /** Bytes at a steady rate in pieces of 10 ms, until the meter has seen enough or the time is over. */
    private static RateMeter fed(RateMeter meter, long fromMillis, long toMillis, int bytesPerSecond) {
        for (long at = fromMillis; at < toMillis && !meter.isSettled(); at += 10) {
            meter.add(at * MILLI, bytesPerSecond / 100);
        }
        return meter;
    }

    @Test
    void a_steady_line_is_settled_after_two_windows() {
        RateMeter meter = fed(new RateMeter(NEAR), 0, 3000, 1_000_000);

        assertThat(meter.isSettled()).isTrue();
        assertThat(meter.elapsedNanos()).isEqualTo(800 * MILLI);
        assertThat(meter.tailRate().orElseThrow()).isCloseTo(1_000_000, Percentage.withPercentage(1));
    }

    @Test
    void windows_are_two_round_trips_where_the_server_is_far() {
        RateMeter meter = fed(new RateMeter(Duration.ofMillis(300)), 0, 3000, 1_000_000);

        assertThat(meter.elapsedNanos()).isEqualTo(1200 * MILLI);
    }

    @Test
    void a_line_that_still_speeds_up_is_not_settled_and_its_end_counts() {
        RateMeter meter = new RateMeter(NEAR);
        fed(meter, 0, 500, 100_000);
        fed(meter, 500, 1000, 400_000);
        fed(meter, 1000, 1200, 1_600_000);

        assertThat(meter.isSettled()).isFalse();
        assertThat(meter.tailRate().orElseThrow()).isGreaterThan(meter.total() / 1.2);
    }

    @Test
    void silence_is_not_agreement() {
        RateMeter meter = new RateMeter(NEAR);
        meter.add(0, 1000);
        meter.add(1300 * MILLI, 0);

        assertThat(meter.isSettled()).isFalse();
    }

    @Test
    void what_comes_at_once_has_no_rate() {
        RateMeter meter = new RateMeter(NEAR);
        assertThat(meter.tailRate()).isEmpty();

        meter.add(5, 2000);

        assertThat(meter.total()).isEqualTo(2000);
        assertThat(meter.tailRate()).isEmpty();
        assertThat(meter.burstRate(NEAR)).isEmpty();
    }

    @Test
    void between_the_pauses_of_slow_start_the_line_shows_its_speed() {
        RateMeter meter = new RateMeter(Duration.ofMillis(100));
        for (int round = 0; round < 3; round++) {
            for (int piece = 0; piece < 10 << round; piece++) {
                meter.add((100L * round + piece) * MILLI, 1000);
            }
        }

        assertThat(meter.burstRate(Duration.ofMillis(50)).orElseThrow())
                .isCloseTo(1_000_000, Percentage.withPercentage(1));
    }

    private static double known(LineRate rate) {
        assertThat(rate.isKnown()).isTrue();
        return rate.likely();
    }

    @Test
    void bytes_that_a_sender_may_have_paced_tell_nothing_of_the_line() {
        Duration roundTrip = Duration.ofMillis(118);
        RateMeter paced = fed(new RateMeter(roundTrip), 0, 300, 330_000);
        RateMeter slow = fed(new RateMeter(roundTrip), 0, 800, 100_000);
        RateMeter atOnce = new RateMeter(roundTrip);
        for (int piece = 0; piece < 10; piece++) {
            atOnce.add(piece * MILLI, 10_000);
        }

        assertThat(paced.lineRate(roundTrip).isKnown()).isFalse();
        assertThat(paced.lineRate(roundTrip).least()).isBetween(150_000.0, 330_000.0);
        assertThat(known(slow.lineRate(roundTrip))).isCloseTo(100_000, Percentage.withPercentage(3));
        assertThat(known(atOnce.lineRate(roundTrip))).isCloseTo(10_000_000, Percentage.withPercentage(3));
    }

    @Test
    void of_a_line_so_slow_that_hardly_anything_came_the_tail_tells() {
        RateMeter meter = fed(new RateMeter(Duration.ofMillis(118)), 0, 1000, 5_000);

        assertThat(known(meter.lineRate(Duration.ofMillis(118)))).isCloseTo(5_000, Percentage.withPercentage(5));
    }

    /** When a sender with BBR has sent so many first windows, in round trips since its first byte: captured of 40 fast lines. */
    private static final double[] PACED = {0, 0.34, 1.10, 1.45, 1.78, 2.08, 2.28, 2.48, 2.68, 2.88};

    /** A glimpse of 44 kB of a line that carries so many first windows in a round trip, in packets. */
    private static double[] glimpse(double windows) {
        double[] at = new double[31];
        for (int packet = 1; packet < at.length; packet++) {
            int whole = packet / 10;
            double paced = PACED[whole] + (PACED[whole + 1] - PACED[whole]) * (packet % 10) / 10;
            at[packet] = Math.max(paced, at[packet - 1] + 0.1 / windows);
        }
        return at;
    }

    /** @param waitsFrom and so long: what comes meanwhile is seen when the wait is over, in round trips */
    private static RateMeter seen(double[] glimpse, Duration roundTrip, double waitsFrom, double waits) {
        RateMeter meter = new RateMeter(roundTrip);
        for (double at : glimpse) {
            double seenAt = at >= waitsFrom ? Math.max(at, waitsFrom + waits) : at;
            meter.add((long) (seenAt * roundTrip.toNanos()), 1460);
        }
        return meter;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.5, 1, 1.6})
    void a_line_that_is_slower_than_a_sender_would_pace_is_known(double windows) {
        Duration roundTrip = Duration.ofMillis(30);

        assertThat(known(seen(glimpse(windows), roundTrip, 0, 0).lineRate(roundTrip)))
                .isCloseTo(windows * PullEstimate.FIRST_WINDOW_BYTES / 0.030, Percentage.withPercentage(10));
    }

    @ParameterizedTest
    @CsvSource({"15, 0.5", "15, 3", "30, 2", "60, 0.5"})
    void a_fast_line_never_looks_slow_where_this_machine_reads_late(int roundTripMillis, double roundTripsLate) {
        Duration roundTrip = Duration.ofMillis(roundTripMillis);
        for (double windows : new double[] {5, 8, 100}) {
            double line = windows * PullEstimate.FIRST_WINDOW_BYTES * 1000 / roundTripMillis;
            for (double from = 0; from < 3; from += 0.05) {
                RateMeter late = seen(glimpse(windows), roundTrip, from, roundTripsLate);

                assertThat(late.lineRate(roundTrip).most())
                        .as("%s windows, late from %s on", windows, from)
                        .isGreaterThan(0.75 * Math.min(line, PullEstimate.FASTEST_BYTES_PER_SECOND));
            }
        }
    }

    /** Captured of a line of 21 MB/s at 5 ms, while the thread that read it waited for 15 ms. */
    @Test
    void what_is_found_at_once_after_a_wait_tells_nothing_of_the_line() {
        RateMeter meter = new RateMeter(Duration.ofMillis(9));
        long[][] microsAndBytes = {{0, 2_000}, {4_500, 21_000}, {6_700, 3_000}, {21_600, 88_000}, {28_300, 6_000}};
        for (long[] arrival : microsAndBytes) {
            meter.add(arrival[0] * 1000, (int) arrival[1]);
        }

        assertThat(meter.lineRate(Duration.ofMillis(9)).isKnown()).isFalse();
    }

    /** Captured of lines of 6 to 17 MB/s, eight windows in a round trip or more, whose bytes came in lumps. */
    @ParameterizedTest
    @CsvSource({
        "40.7, 0:11584 0.8:14480 5.7:20272 10.1:23168 38.9:31856 46.0:37648 51.5:43440 59.5:44000",
        "25.3, 0:2896 10.0:17376 18.3:23168 29.1:26064 31.3:31856 44.7:43440 45.4:44000",
        "22.8, 0:8688 2.2:17376 9.2:23168 20.7:31856 23.1:40544 37.3:44000",
        "22.4, 0:8688 0.9:10136 10.3:23168 19.3:26064 20.5:27512 21.8:31856 22.8:33304 23.5:34752 26.3:40544 33.7:44000",
        "21.9, 0:5792 7.0:17376 17.8:23168 26.2:34752 29.1:37648 34.1:44000"
    })
    void what_comes_in_lumps_is_not_taken_for_a_slow_line(double roundTripMillis, String arrivals) {
        Duration roundTrip = Duration.ofNanos((long) (roundTripMillis * MILLI));
        RateMeter meter = new RateMeter(roundTrip);
        for (String arrival : arrivals.split(" ", -1)) {
            String[] millisAndTotal = arrival.split(":", 2);
            long nanoTime = (long) (Double.parseDouble(millisAndTotal[0]) * MILLI);
            meter.add(nanoTime, (int) (Long.parseLong(millisAndTotal[1]) - meter.total()));
        }

        assertThat(meter.lineRate(roundTrip).isKnown()).isFalse();
    }
}
