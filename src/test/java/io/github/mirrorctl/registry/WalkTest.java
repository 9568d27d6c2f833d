package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.registry.FakeRegistry.At;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WalkTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(6);

    /** A place among the finalists is kept for it meanwhile. */
    @Test
    void it_looks_from_its_manifests_on_until_half_of_the_time_has_brought_nothing() throws Exception {
        CountDownLatch isAsked = new CountDownLatch(1);
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node()).with(Misbehaviour.hang(), At.BLOB)) {
            Candidate candidate = Probes.candidate(registry.url());
            Session session = Probes.session(candidate);
            Walk walk = new Walk(candidate, Probes.plan(Depth.BLOB, TIMEOUT), session, new Calm(1, TIMEOUT));
            registry.loggingTo(request -> {
                if (request.kind() == At.BLOB) {
                    isAsked.countDown();
                }
            });
            assertThat(walk.isLooking()).isFalse();

            Thread thread = new Thread(walk::run);
            thread.start();
            assertThat(isAsked.await(Probes.AMPLE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();

            assertThat(walk.isLooking()).isTrue();
            Deadline late = Deadline.after(Probes.AMPLE);
            while (walk.isLooking() && !late.isPast()) {
                Thread.sleep(10);
            }
            assertThat(walk.isLooking()).isFalse();
            session.close();
            thread.join();
        }
    }
}
