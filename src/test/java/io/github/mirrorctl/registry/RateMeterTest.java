package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

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

    @Test
    void bytes_that_a_sender_may_have_paced_tell_nothing_of_the_line() {
        Duration roundTrip = Duration.ofMillis(118);
        RateMeter paced = fed(new RateMeter(roundTrip), 0, 300, 330_000);
        RateMeter slow = fed(new RateMeter(roundTrip), 0, 800, 100_000);
        RateMeter atOnce = new RateMeter(roundTrip);
        for (int piece = 0; piece < 10; piece++) {
            atOnce.add(piece * MILLI, 10_000);
        }

        assertThat(paced.lineRate(roundTrip)).isEmpty();
        assertThat(slow.lineRate(roundTrip).orElseThrow()).isCloseTo(100_000, Percentage.withPercentage(3));
        assertThat(atOnce.lineRate(roundTrip).orElseThrow()).isCloseTo(10_000_000, Percentage.withPercentage(3));
    }
}
