package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against times worked out by hand. */
class PullEstimateTest {
    private static final Digest ANY = Digest.of(new byte[0]);

    private static Manifest image(long... layers) {
        return new Manifest(
                List.of(),
                Optional.of(new Manifest.Descriptor(ANY, 0)),
                Arrays.stream(layers)
                        .mapToObj(size -> new Manifest.Descriptor(ANY, size))
                        .toList());
    }

    private static double seconds(int roundTripMillis, double bytesPerSecond, Manifest image) {
        Duration roundTrip = Duration.ofMillis(roundTripMillis);
        return new PullEstimate(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, roundTrip, bytesPerSecond)
                        .of(image)
                        .toNanos()
                / 1e9;
    }

    @Test
    void a_long_download_takes_its_size_over_the_rate_however_it_is_divided() {
        assertThat(seconds(1, 1e6, image(30_000_000))).isCloseTo(30, Percentage.withPercentage(1));
        assertThat(seconds(1, 1e6, image(2_000_000, 8_000_000, 20_000_000)))
                .isCloseTo(30, Percentage.withPercentage(1));
        assertThat(seconds(
                        1, 1e6, image(new long[] {5_000_000, 5_000_000, 5_000_000, 5_000_000, 5_000_000, 5_000_000})))
                .isCloseTo(30, Percentage.withPercentage(1));
    }

    @Test
    void slow_start_takes_round_trips() {
        // 14.6 + 29.2 + 58.4 kB in three round trips; the line itself would take a hundredth of a second.
        assertThat(seconds(100, 10e6, image(102_200))).isCloseTo(0.3, Percentage.withPercentage(1));
    }

    @Test
    void three_layers_come_at_once_and_the_fourth_waits() {
        // The configuration has no bytes and leaves its lane at once; the fourth layer finds a window that has doubled.
        assertThat(seconds(100, 100e6, image(14_600, 14_600, 14_600))).isCloseTo(0.10, Percentage.withPercentage(1));
        assertThat(seconds(100, 100e6, image(14_600, 14_600, 14_600, 14_600)))
                .isCloseTo(0.15, Percentage.withPercentage(1));
    }

    @Test
    void everything_before_the_layers_is_added() {
        PullEstimate far = new PullEstimate(
                Duration.ofMillis(300),
                Duration.ofMillis(200),
                Duration.ofMillis(450),
                Duration.ofMillis(150),
                Duration.ofMillis(150),
                1e6);

        // And once more a handshake and a first byte for the lanes of the layers.
        assertThat(far.of(image(0)).toMillis()).isEqualTo(300 + 200 + 450 + 300 + 150);
    }

    @Test
    @Timeout(20)
    void small_layers_behind_sizes_that_nobody_means_have_an_end() {
        long[] layers = new long[23];
        Arrays.fill(layers, 1_000_000);
        Arrays.fill(layers, 0, 3, 1_000_000_000_000_000_000L);

        assertThat(seconds(50, 20e6, image(layers))).isGreaterThan(1e7);
    }

    @Test
    void sizes_that_nobody_means_have_an_end() {
        assertThat(seconds(1, 1, image(Long.MAX_VALUE, Long.MAX_VALUE, -1))).isGreaterThan(1e6);
    }
}
