package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class UnifiedDiffTest {
    @Test
    void shows_three_lines_around_a_change() {
        String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

        String diff = UnifiedDiff.of("f", true, before, before.replace("5\n", "five\nfifth\n"));

        assertThat(diff).isEqualTo("--- f\n+++ f\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+fifth\n 6\n 7\n 8\n");
    }

    @Test
    void changes_far_apart_have_hunks_of_their_own() {
        String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n";

        String far =
                UnifiedDiff.of("f", true, before, before.replace("2\n3", "3").replace("11\n", "eleven\n"));
        String near =
                UnifiedDiff.of("f", true, before, before.replace("2\n3", "3").replace("\n9\n", "\nnine\n"));

        assertThat(far)
                .isEqualTo("--- f\n+++ f\n@@ -1,5 +1,4 @@\n 1\n-2\n 3\n 4\n 5\n"
                        + "@@ -8,6 +7,6 @@\n 8\n 9\n 10\n-11\n+eleven\n 12\n 13\n");
        assertThat(near).contains("@@ -1,12 +1,11 @@\n 1\n-2\n 3\n");
    }

    @Test
    void a_new_file_comes_from_nowhere() {
        assertThat(UnifiedDiff.of("f", false, "", "{}\n")).isEqualTo("--- /dev/null\n+++ f\n@@ -0,0 +1,1 @@\n+{}\n");
    }

    @Test
    void a_missing_last_newline_is_told() {
        assertThat(UnifiedDiff.of("f", true, "a\nb", "a\nc"))
                .isEqualTo("--- f\n+++ f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
                        + "\\ No newline at end of file\n");
    }

    @Test
    void equal_texts_have_no_diff() {
        assertThat(UnifiedDiff.of("f", true, "a\n", "a\n")).isEmpty();
    }
}
