package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds what a daemon.json and the command line of its engine both set. dockerd does not start with that, even if both say
 * the same ({@code findConfigurationConflicts} in moby's {@code daemon/config/config.go}). Mirrors are left out, since more
 * is to be said of them.
 */
final class KeyConflicts {
    private static final Map<String, String> KEYS_OF_LETTERS = Map.of(
            "-b", "bridge",
            "-D", "debug",
            "-G", "group",
            "-g", "data-root",
            "-H", "hosts",
            "-l", "log-level",
            "-p", "pidfile",
            "-s", "storage-driver");

    /** The one key that may stand beside its flag. */
    private static final String BESIDE_FLAGS = "runtimes";

    private KeyConflicts() {}

    /** @param start what the engine is started with */
    static List<Problem> of(SourceText source, JsonValue root, DaemonCommand start) {
        Map<String, Argument> flags = flags(start);
        List<Problem> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonValue.Member each : (Iterable<JsonValue.Member>) settings(root)::iterator) {
            Argument flag = flags.get(each.name());
            if (flag != null && seen.add(each.name())) {
                problems.add(source.error(
                        "key-and-flag",
                        each.start(),
                        each.name(),
                        flag.text().replaceFirst("=.*", ""),
                        flag.place().file() + ":" + flag.place().line()));
            }
        }
        return problems;
    }

    /** dockerd compares the members of most objects as if they stood at the top level; flags exist for these alone. */
    private static Stream<JsonValue.Member> settings(JsonValue root) {
        return root.members().stream()
                .flatMap(each ->
                        each.name().equals(DaemonKeys.PROXIES) ? each.value().members().stream() : Stream.of(each));
    }

    /** The first flag for each key. */
    private static Map<String, Argument> flags(DaemonCommand start) {
        Map<String, Argument> flags = new LinkedHashMap<>();
        for (Argument argument : start.words()) {
            String key = key(argument.text());
            if (!key.isEmpty() && !key.equals(BESIDE_FLAGS) && !key.equals(DaemonKeys.REGISTRY_MIRRORS)) {
                flags.putIfAbsent(key, argument);
            }
        }
        return flags;
    }

    /** The key for which a word of the command line is the flag; an empty name where it is none. */
    private static String key(String word) {
        if (word.startsWith("--")) {
            String name = word.substring(2).replaceFirst("=.*", "");
            return DaemonKeys.meantByFlag(name).orElse(name);
        }
        return word.length() < 2 ? "" : KEYS_OF_LETTERS.getOrDefault(word.substring(0, 2), "");
    }
}
