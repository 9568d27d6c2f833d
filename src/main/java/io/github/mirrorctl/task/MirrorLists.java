package io.github.mirrorctl.task;

import java.util.HashSet;
import java.util.List;

/** Lists of mirrors as an engine compares them: it adds a slash where none is, and nothing else. */
final class MirrorLists {
    private MirrorLists() {}

    static boolean areSame(List<String> a, List<String> b) {
        return withSlashes(a).equals(withSlashes(b));
    }

    static boolean areSameInAnyOrder(List<String> a, List<String> b) {
        return new HashSet<>(withSlashes(a)).equals(new HashSet<>(withSlashes(b)));
    }

    /** Without the repetitions that an engine drops too. */
    private static List<String> withSlashes(List<String> urls) {
        return urls.stream()
                .map(url -> url.endsWith("/") ? url : url + "/")
                .distinct()
                .toList();
    }
}
