package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CalmTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private final List<String> order = new CopyOnWriteArrayList<>();

    @Test
    void whoever_has_measured_lets_the_next_go_at_once() throws InterruptedException {
        Calm calm = new Calm(2, NEVER, NEVER);
        calm.arrive();
        calm.arrive();
        calm.await();
        Thread next = waiting(calm, "next", new CountDownLatch(0));

        order.add("first");
        calm.leave();
        next.join();

        assertThat(order).containsExactly("first", "next");
    }

    @Test
    void whoever_takes_longer_than_its_turn_holds_up_nobody() throws InterruptedException {
        Calm calm = new Calm(2, NEVER, Duration.ofNanos(1));
        calm.arrive();
        calm.arrive();
        calm.await();
        CountDownLatch goes = new CountDownLatch(1);
        Thread next = waiting(calm, "next", goes);
        while (order.isEmpty()) {
            Thread.onSpinWait();
        }

        calm.leave();
        goes.countDown();
        next.join();

        assertThat(order).containsExactly("next");
    }

    @Test
    void nobody_measures_while_others_make_handshakes() throws InterruptedException {
        Calm calm = new Calm(2, NEVER, NEVER);
        calm.arrive();
        Thread waiting = waiting(calm, "waiting", new CountDownLatch(0));
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        order.add("handshake");
        calm.arrive();
        waiting.join();

        assertThat(order).containsExactly("handshake", "waiting");
    }

    private Thread waiting(Calm calm, String name, CountDownLatch measured) {
        Thread thread = new Thread(() -> {
            try {
                calm.await();
                order.add(name);
                measured.await();
                calm.leave();
            } catch (InterruptedException e) {
                order.add("interrupted");
            }
        });
        thread.start();
        return thread;
    }
}
