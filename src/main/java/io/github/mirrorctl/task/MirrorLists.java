package io.github.mirrorctl.task;

import io.github.mirrorctl.mirror.MirrorUrl;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lists of mirrors as an engine compares them: it adds a slash where none is, and nothing else. */
final class MirrorLists {
    private MirrorLists() {}

    static boolean isSame(String a, String b) {
        return withSlash(a).equals(withSlash(b));
    }

    static boolean areSame(List<String> a, List<String> b) {
        return withSlashes(a).equals(withSlashes(b));
    }

    static boolean areSameInAnyOrder(List<String> a, List<String> b) {
        return compared(a).equals(compared(b));
    }

    /** What an engine takes them for, each once; the one for an address is {@link #withSlash}. */
    static Set<String> compared(List<String> urls) {
        return new HashSet<>(withSlashes(urls));
    }

    /** The list as it stands, but for spellings that an engine does not understand, and repetitions it does not see. */
    static List<String> tidied(List<MergePolicy.Existing> existing) {
        Map<MirrorUrl, String> kept = new LinkedHashMap<>();
        List<String> tidied = new ArrayList<>();
        for (MergePolicy.Existing entry : existing) {
            String earlier = kept.putIfAbsent(entry.url(), entry.kept());
            if (earlier == null || isSame(earlier, entry.kept())) {
                tidied.add(entry.kept());
            }
        }
        return tidied;
    }

    /** Without the repetitions that an engine drops too. */
    private static List<String> withSlashes(List<String> urls) {
        return urls.stream().map(MirrorLists::withSlash).distinct().toList();
    }

    static String withSlash(String url) {
        return url.endsWith("/") ? url : url + "/";
    }
}
