package io.github.mirrorctl.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The command that starts an engine: its words, the program first where it is known, and the flags among them as pflag reads
 * those with a value: {@code --name=value} or {@code --name value}. Immutable.
 */
public record DaemonCommand(List<Argument> words) {
    /** The flag that gives a mirror, once for each. */
    public static final String REGISTRY_MIRROR = "--registry-mirror";

    public static final DaemonCommand EMPTY = new DaemonCommand(List.of());

    /**
     * Where a flag stands.
     *
     * @param first the index of the word with its name
     * @param last that of the word with its value, the same one where an equals sign joins both, or where no value follows
     * @param joined whether an equals sign joins them
     */
    record FlagAt(int first, int last, boolean joined) {
        boolean hasValue() {
            return joined || last > first;
        }
    }

    public DaemonCommand {
        words = List.copyOf(words);
    }

    /** Finds flags among words, in their order. The value of one of them is never taken for another. */
    static List<FlagAt> find(List<String> words, Set<String> flags) {
        List<FlagAt> found = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (flags.contains(name)) {
                int last = equals < 0 && i + 1 < words.size() ? i + 1 : i;
                found.add(new FlagAt(i, last, equals >= 0));
                i = last;
            }
        }
        return found;
    }

    public boolean isEmpty() {
        return words.isEmpty();
    }

    /** The words as the engine receives them. */
    public List<String> texts() {
        return words.stream().map(Argument::text).toList();
    }

    /**
     * The values of a flag in their order, each placed where the flag stands. A flag without one has none.
     *
     * @param flag with its dashes, such as {@code --registry-mirror}
     */
    public List<Argument> values(String flag) {
        return find(texts(), Set.of(flag)).stream()
                .filter(FlagAt::hasValue)
                .map(at -> new Argument(
                        at.joined()
                                ? words.get(at.first()).text().substring(flag.length() + 1)
                                : words.get(at.last()).text(),
                        words.get(at.first()).place()))
                .toList();
    }

    /** The value that counts of a flag that may be given once. */
    public Optional<Argument> lastValue(String flag) {
        return values(flag).stream().reduce((earlier, later) -> later);
    }

    /** The words that are left when these flags are taken out with their values; a flag that lacks its value stays. */
    public DaemonCommand without(Set<String> flags) {
        List<Argument> rest = new ArrayList<>(words);
        List<FlagAt> found = find(texts(), flags);
        for (int i = found.size() - 1; i >= 0; i--) {
            if (found.get(i).hasValue()) {
                rest.subList(found.get(i).first(), found.get(i).last() + 1).clear();
            }
        }
        return new DaemonCommand(rest);
    }
}
