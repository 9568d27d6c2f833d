package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LineRateTest {
    private static final Percentage ONE = Percentage.withPercentage(1);
    private static final Duration FAR = Duration.ofMillis(100);

    @Test
    void of_a_line_that_may_be_fast_not_the_most_is_expected() {
        LineRate rate = LineRate.atLeast(LineRate.ofWindows(2, FAR));

        assertThat(rate.isKnown()).isFalse();
        assertThat(rate.least()).isCloseTo(292_000, ONE);
        assertThat(rate.likely()).isCloseTo(Math.sqrt(292_000 * PullEstimate.FASTEST_BYTES_PER_SECOND), ONE);
    }

    @Test
    void a_line_that_is_known_is_expected_to_be_what_it_is() {
        LineRate rate = LineRate.known(1_000_000);

        assertThat(rate.isKnown()).isTrue();
        assertThat(rate.likely()).isCloseTo(1_000_000, ONE);
    }

    @Test
    void nothing_is_faster_than_can_be_measured() {
        assertThat(LineRate.atLeast(LineRate.ofWindows(2, Duration.ZERO)).likely())
                .isCloseTo(PullEstimate.FASTEST_BYTES_PER_SECOND, ONE);
        assertThat(LineRate.known(80e6).likely()).isCloseTo(PullEstimate.FASTEST_BYTES_PER_SECOND, ONE);
    }
}
