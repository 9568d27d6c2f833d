package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final Duration TIME = Duration.ofMillis(300);

    private final Deadline first = Deadline.after(TIME);

    /** How far the deadline has moved. */
    private Duration moved(Allowance allowance) {
        return Duration.ofNanos(allowance.deadline().nanoTime() - first.nanoTime());
    }

    private static void wait(Allowance allowance, Duration time) throws InterruptedException {
        allowance.beginWait();
        Thread.sleep(time.toMillis());
        allowance.endWait();
    }

    @Test
    void a_third_of_the_time_may_be_lost_to_waiting() throws InterruptedException {
        Allowance allowance = new Allowance(first, Duration.ofDays(1), 1, 1);

        wait(allowance, Duration.ofMillis(50));

        assertThat(moved(allowance)).isZero();
    }

    @Test
    void what_is_waited_beyond_that_is_given_back_while_it_lasts_and_after_it() throws InterruptedException {
        Allowance allowance = new Allowance(first, TIME, 1, 1);
        long start = System.nanoTime();

        wait(allowance, Duration.ofMillis(80));
        allowance.beginWait();
        Thread.sleep(80);
        Duration during = moved(allowance);
        allowance.endWait();

        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        assertThat(during).isBetween(Duration.ofMillis(60), waited.minusMillis(100));
        assertThat(moved(allowance)).isBetween(during, waited.minusMillis(100));
    }

    @Test
    void no_more_is_given_back_than_twice_the_time() throws InterruptedException {
        Allowance allowance = new Allowance(first, Duration.ofMillis(30), 1, 1);

        wait(allowance, Duration.ofMillis(90));
        wait(allowance, Duration.ofMillis(90));

        assertThat(moved(allowance)).isEqualTo(Duration.ofMillis(60));
    }

    @Test
    void a_wait_that_never_ends_is_as_long_as_the_deadline_allows() throws InterruptedException {
        Allowance allowance = new Allowance(first, TIME, 1, 1);

        assertThat(allowance.longestWait()).isBetween(TIME, TIME.multipliedBy(3));
        wait(allowance, Duration.ofMillis(250));
        Duration left = Duration.ofNanos(allowance.deadline().remainingNanos());

        // 150 ms have been given back of 600.
        assertThat(allowance.longestWait()).isBetween(Duration.ofMillis(300), left.plusMillis(450));
    }

    @Test
    void where_the_deadline_comes_before_a_third_was_lost_it_does_not_move() {
        Allowance allowance = new Allowance(first, Duration.ofDays(1), 1, 1);

        assertThat(allowance.longestWait()).isLessThanOrEqualTo(TIME);
    }

    @Test
    void a_deadline_without_a_time_stands() throws InterruptedException {
        Allowance allowance = new Allowance(first, 1, 1);

        wait(allowance, Duration.ofMillis(20));

        assertThat(moved(allowance)).isZero();
        assertThat(allowance.longestWait()).isLessThanOrEqualTo(TIME);
    }
}
