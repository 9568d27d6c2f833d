package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutlookTest {
    private static final int STEPS = 10_000;
    private static final double BYTES = 30e6;
    private static final double FIXED_SECONDS = 1.5;
    private static final LineRate OPEN = new LineRate(1e6, 20e6);

    private static double pullSeconds(double rate) {
        return FIXED_SECONDS + BYTES / rate;
    }

    private static Duration pull(double rate) {
        return Duration.ofNanos((long) (pullSeconds(rate) * 1e9));
    }

    private static Outlook outlook(LineRate rate) {
        return new Outlook(rate, pull(rate.least()), pull(rate.most()));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8, 16, 31, 60})
    void the_gain_is_that_of_all_rates_together(int otherSeconds) {
        double gain = 0;
        for (int i = 0; i < STEPS; i++) {
            double rate = OPEN.least() * Math.pow(OPEN.most() / OPEN.least(), (i + 0.5) / STEPS);
            gain += Math.max(0, otherSeconds - pullSeconds(rate)) / STEPS;
        }

        assertThat(seconds(outlook(OPEN).gainOver(Duration.ofSeconds(otherSeconds))))
                .isCloseTo(gain, Percentage.withPercentage(0.1));
    }

    @Test
    void a_known_line_gains_what_it_is_faster_by() {
        Outlook known = outlook(LineRate.known(10e6));

        assertThat(known.likely()).isEqualTo(pull(10e6));
        assertThat(seconds(known.gainOver(Duration.ofSeconds(6)))).isCloseTo(1.5, Percentage.withPercentage(0.1));
        assertThat(known.gainOver(Duration.ofSeconds(4))).isZero();
    }

    @Test
    void the_likely_time_is_that_of_the_likely_rate() {
        assertThat(seconds(outlook(OPEN).likely()))
                .isCloseTo(pullSeconds(OPEN.likely()), Percentage.withPercentage(0.1));
    }

    @Test
    void whoever_is_slower_at_its_best_gains_nothing() {
        assertThat(outlook(OPEN).gainOver(Duration.ofSeconds(1))).isZero();
        assertThat(outlook(OPEN).gainOver(pull(OPEN.most()))).isZero();
        assertThat(Outlook.NONE.gainOver(Duration.ofHours(1))).isZero();
    }
}
