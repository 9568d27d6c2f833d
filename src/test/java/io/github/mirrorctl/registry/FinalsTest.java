package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.mirror.ImageStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FinalsTest {
    private static final Digest NEW = Digest.parse("sha256:" + "1".repeat(64)).orElseThrow();
    private static final Digest OLD = Digest.parse("sha256:" + "2".repeat(64)).orElseThrow();

    private final Prober.Plan plan = Probes.plan(Depth.BLOB, Probes.AMPLE);
    private final Finals finals = new Finals(plan);

    private Walk enter(String name, int pullSeconds) {
        return enter(name, NEW, known(pullSeconds));
    }

    /** One whose rate lies somewhere within a factor of 16. */
    private Walk enter(String name, int slowestSeconds, int fastestSeconds) {
        LineRate rate = new LineRate(1e6, 16e6);
        return enter(
                name, NEW, new Outlook(rate, Duration.ofSeconds(slowestSeconds), Duration.ofSeconds(fastestSeconds)));
    }

    private Walk enter(String name, Digest digest, Outlook outlook) {
        return enter(meaning(name, digest), Optional.of(outlook));
    }

    private Walk enter(ProbeResult result, Optional<Outlook> outlook) {
        return enter(finals, plan, result, outlook);
    }

    private static Walk enter(Finals finals, Prober.Plan plan, ProbeResult result, Optional<Outlook> outlook) {
        Candidate candidate = result.candidate();
        Walk walk = new Walk(candidate, plan, Probes.session(candidate), new Calm(1, Probes.AMPLE));
        finals.enter(walk, result, outlook);
        return walk;
    }

    /** Those that take 10 s, 11 s and so on. */
    private List<Walk> enterSound(int count) {
        List<Walk> walks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            walks.add(enter("sound-" + i, 10 + i));
        }
        return walks;
    }

    private static ProbeResult meaning(String name, Digest digest) {
        return TestResults.meaning(Probes.candidate(url(name)), digest);
    }

    private static String url(String name) {
        return "https://" + name + ".example";
    }

    private static Outlook known(int seconds) {
        return new Outlook(LineRate.known(1e6), Duration.ofSeconds(seconds), Duration.ofSeconds(seconds));
    }

    /** One that containerd's store alone can pull through, which is of use to nobody while the store is not known. */
    private Walk enterForOneStore(String name, int pullSeconds) {
        ProbeResult result = TestResults.ready(url(name), Set.of(ImageStore.CONTAINERD));
        return enter(result, Optional.of(known(pullSeconds)));
    }

    private Walk enterHub(Digest digest) {
        return enter(TestResults.meaning(Candidate.DOCKER_HUB, digest), Optional.of(known(1)));
    }

    private void leave(Walk walk, int seconds) {
        PullEstimate basis = walk.estimate(Duration.ZERO, 1e6);
        walk.reachedBlob(new Sample(OptionalDouble.of(1e6), basis, Duration.ofSeconds(seconds)));
        finals.left(walk.ready());
    }

    /** One after the other, each as soon as the one before has left. */
    private void assertSampledInTurn(List<Walk> walks, boolean allWalked) {
        for (Walk walk : walks) {
            assertThat(next(allWalked, false)).contains(walk);
            leave(walk, 10);
        }
    }

    private Optional<Walk> next(boolean allWalked, boolean isLate) {
        return finals.next(allWalked, isLate, () -> 0);
    }

    private List<Walk> all(boolean allWalked, boolean isLate) {
        return all(allWalked, isLate, 0);
    }

    private List<Walk> all(boolean allWalked, boolean isLate, int looking) {
        List<Walk> begun = new ArrayList<>();
        finals.next(allWalked, isLate, () -> looking).ifPresent(begun::add);
        finals.next(allWalked, isLate, () -> looking).ifPresent(begun::add);
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

    /** A far mirror needs longer than others for as many round trips, and may have the fastest line. */
    @Test
    void a_place_is_kept_late_too_for_those_whose_layer_is_looked_at() {
        Walk best = enter("best", 3);
        List<Walk> others = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            others.add(enter("slow-" + i, 1_000_000));
        }

        assertThat(all(false, true, 2)).containsExactly(best, others.get(0));
        leave(best, 3);
        leave(others.get(0), 1_000_000);
        assertThat(all(false, true, 2)).containsExactly(others.get(1));
        assertThat(all(false, true, 2)).isEmpty();
        Walk far = enter("far", 4);
        assertThat(all(false, true, 1)).containsExactly(far);
    }

    @Test
    void the_first_to_begin_is_the_likeliest_to_be_fast() {
        enter("known", 9);
        Walk open = enter("open", 33, 3);
        Walk better = enter("better", 7);
        enter("fourth", 20);
        enter("fifth", 20);

        assertThat(all(true, false)).containsExactly(better, open);
    }

    /** Whoever is known to be faster by a little gains more than one that is faster only at its very best. */
    @Test
    void then_comes_whoever_is_expected_to_gain_most_over_the_best_so_far() {
        Walk one = enter("one", 2);
        Walk other = enter("other", 2);
        Walk known = enter("known", 6);
        Walk open = enter("open", 66, 6);
        enter("slow", 20);

        assertThat(all(true, false)).containsExactly(one, other);
        leave(one, 9);
        leave(other, 10);

        assertThat(all(true, false)).containsExactly(known, open);
    }

    @Test
    void whoever_may_be_faster_comes_before_one_that_is_known_to_be_slower() {
        Walk one = enter("one", 2);
        Walk other = enter("other", 2);
        enter("known", 6);
        Walk open = enter("open", 66, 3);
        enter("slow", 20);

        assertThat(all(true, false)).containsExactly(one, other);
        leave(one, 5);
        leave(other, 10);

        assertThat(next(true, false)).contains(open);
    }

    @Test
    void a_stale_one_comes_last_though_those_who_know_better_have_been_sampled() {
        List<Walk> sound = enterSound(4);
        Walk stale = enter("stale", OLD, known(2));

        assertSampledInTurn(sound, true);
        assertThat(next(true, false)).contains(stale);
    }

    @Test
    void a_stale_one_keeps_nobody_waiting_and_takes_no_place_while_others_are_on_their_way() {
        List<Walk> sound = enterSound(5);
        enter("stale", OLD, known(2));

        assertSampledInTurn(sound.subList(0, 4), false);
        Walk far = enter("far", 66, 6);

        assertThat(next(true, false)).contains(far);
    }

    @Test
    void nor_does_one_that_the_store_in_use_may_not_pull_through() {
        List<Walk> sound = enterSound(5);
        enterForOneStore("one-store", 2);

        assertSampledInTurn(sound, false);
    }

    @Test
    void where_there_are_none_but_such_they_begin_once_it_is_late() {
        Walk fast = enterForOneStore("fast", 2);
        enterForOneStore("slow", 20);

        assertThat(next(false, false)).isEmpty();
        assertThat(next(false, true)).contains(fast);
    }

    /** Docker Hub, say, comes late and says what the tag means. */
    @Test
    void one_that_turns_out_to_be_stale_is_no_measure_any_more() {
        List<Walk> old = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            old.add(enter("old-" + i, OLD, known(2)));
        }
        Walk sound = enter("sound", 10);
        enter("other", 30);

        assertThat(all(false, false)).containsExactly(old.get(0), old.get(1));
        leave(old.get(0), 2);
        leave(old.get(1), 2);
        enterHub(NEW);

        assertThat(next(false, false)).contains(sound);
    }

    @Test
    void one_that_fails_makes_room() {
        List<Walk> walks = enterSound(7);

        for (int i = 0; i < 6; i++) {
            assertThat(next(true, false)).contains(walks.get(i));
            if (i == 2) {
                finals.left(TestResults.of(url("sound-2"), Verdict.CORRUPT, Set.of(ImageStore.values())));
            } else {
                leave(walks.get(i), 10 + i);
            }
        }
        assertThat(next(true, false)).isEmpty();
    }

    @Test
    void docker_hub_comes_beside_the_five_and_last() {
        Walk hub = enterHub(NEW);
        enterSound(6);

        for (int i = 0; i < 5; i++) {
            Walk next = next(true, false).orElseThrow();
            assertThat(next).isNotSameAs(hub);
            leave(next, 10);
        }
        assertThat(next(true, false)).contains(hub);
    }

    @Test
    void whoever_was_named_comes_first_and_waits_for_nobody() {
        Candidate named = Probes.candidate(url("named"));
        Prober.Plan naming = new Prober.Plan(
                List.of(Probes.NODE), Depth.BLOB, Probes.AMPLE, 128, "amd64", Optional.empty(), Set.of(named.url()));
        Finals withNamed = new Finals(naming);
        for (String name : List.of("a", "b", "c", "d", "named")) {
            boolean isNamed = name.equals("named");
            ProbeResult result = meaning(name, isNamed ? OLD : NEW);
            enter(withNamed, naming, result, Optional.of(known(isNamed ? 1000 : 2)));
        }

        assertThat(withNamed.next(false, false, () -> 0).orElseThrow().candidate())
                .isEqualTo(named);
    }

    @Test
    void those_whose_layer_was_not_seen_come_last() {
        for (int i = 0; i < 4; i++) {
            enter(meaning("unseen-" + i, NEW), Optional.empty());
        }
        Walk seen = enter("seen", 100);

        assertThat(next(true, false)).contains(seen);
        assertThat(next(true, false)).isPresent();
    }
}
