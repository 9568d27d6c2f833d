package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FinalsTest {
    private final Prober.Plan plan = Probes.plan(Depth.BLOB, Probes.AMPLE);
    private final Finals finals = new Finals(plan);

    private Walk enter(String name, int outlookSeconds) {
        Candidate candidate = Probes.candidate("https://" + name + ".example");
        Walk walk = new Walk(candidate, plan, Probes.session(candidate), new Calm(1, Probes.AMPLE));
        finals.enter(walk, walk.ready(), Optional.of(Duration.ofSeconds(outlookSeconds)));
        return walk;
    }

    private List<Walk> all(boolean allWalked, boolean isLate) {
        List<Walk> begun = new ArrayList<>();
        finals.next(allWalked, isLate).ifPresent(begun::add);
        finals.next(allWalked, isLate).ifPresent(begun::add);
        return begun;
    }

    @Test
    void nobody_begins_before_five_have_entered() {
        for (int i = 0; i < 4; i++) {
            enter("mirror-" + i, 10);
        }

        assertThat(all(false, false)).isEmpty();

        enter("fifth", 10);

        assertThat(all(false, false)).hasSize(2);
    }

    @Test
    void those_that_promise_little_wait_for_whoever_is_on_the_way() {
        Walk best = enter("best", 3);
        List<Walk> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            others.add(enter("slow-" + i, 1_000_000));
        }

        assertThat(all(false, false)).containsExactly(best);
        assertThat(all(false, true)).containsExactly(others.get(0));
    }
}
