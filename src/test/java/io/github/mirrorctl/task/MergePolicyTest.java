package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.TestResults;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MergePolicyTest {
    private static final String OWN = "https://own.example";
    private static final MirrorUrl CHOSEN = MirrorUrl.parse("https://chosen.example");

    /** What becomes of the user's own mirror that only the classic store can use. */
    private static MergePolicy.Merged merged(Optional<ImageStore> store) {
        ProbeResult classicOnly = TestResults.ready(OWN, Set.of(ImageStore.GRAPHDRIVER));
        Candidate own = classicOnly.candidate();
        return new MergePolicy(
                        List.of(new MergePolicy.Existing(OWN, own, false)),
                        List.of(CHOSEN),
                        Map.of(own.url(), classicOnly),
                        store,
                        false)
                .merge();
    }

    @Test
    void ones_own_comes_first_where_the_store_in_use_or_one_unknown_can_use_it() {
        for (Optional<ImageStore> store : List.of(Optional.of(ImageStore.GRAPHDRIVER), Optional.<ImageStore>empty())) {
            assertThat(merged(store).after()).containsExactly(OWN, CHOSEN.toString());
            assertThat(merged(store).warnings()).isEmpty();
        }
    }

    @Test
    void ones_own_that_was_named_with_others_and_lost_comes_behind_them() {
        ProbeResult slow = TestResults.ready(OWN, Set.of(ImageStore.values()));

        MergePolicy.Merged merged = new MergePolicy(
                        List.of(new MergePolicy.Existing(OWN, slow.candidate(), true)),
                        List.of(CHOSEN),
                        Map.of(slow.candidate().url(), slow),
                        Optional.empty(),
                        false)
                .merge();

        assertThat(merged.after()).containsExactly(CHOSEN.toString(), OWN);
        assertThat(merged.kept()).containsExactly(OWN);
        assertThat(merged.removed()).isEmpty();
        assertThat(merged.warnings()).isEmpty();
    }

    @Test
    void ones_own_comes_last_with_a_warning_where_the_store_in_use_cannot_use_it() {
        MergePolicy.Merged merged = merged(Optional.of(ImageStore.CONTAINERD));

        assertThat(merged.after()).containsExactly(CHOSEN.toString(), OWN);
        assertThat(merged.kept()).containsExactly(OWN);
        assertThat(merged.warnings()).extracting(Problem::code).containsExactly("kept-for-other-store");
    }
}
