package io.github.mirrorctl.daemon;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of an engine, such as 28.5.2; what a distribution appends to it is left out. */
public record EngineVersion(int major, int minor, int patch) implements Comparable<EngineVersion> {
    private static final Comparator<EngineVersion> ORDER = Comparator.comparingInt(EngineVersion::major)
            .thenComparingInt(EngineVersion::minor)
            .thenComparingInt(EngineVersion::patch);
    private static final Pattern NUMBERS =
            Pattern.compile("(?<![\\w.])v?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?![\\d.])");

    /** The first version in a text such as {@code Docker version 26.1.5+dfsg1, build 411e817}; empty without one. */
    public static Optional<EngineVersion> parse(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.find()) {
            return Optional.empty();
        }
        int patch = numbers.group(3) == null ? 0 : Integer.parseInt(numbers.group(3));
        return Optional.of(
                new EngineVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)), patch));
    }

    static EngineVersion of(int major, int minor) {
        return new EngineVersion(major, minor, 0);
    }

    public boolean isBefore(EngineVersion other) {
        return compareTo(other) < 0;
    }

    /** Whether the engine can judge a file without starting, by {@code dockerd --validate}. */
    public boolean canValidate() {
        return !isBefore(of(23, 0));
    }

    /** Whether the engine reads a file that begins with a byte order mark, or that holds nothing. */
    boolean takesMarksAndBlankFiles() {
        return !isBefore(of(23, 0));
    }

    /**
     * Whether the engine takes a mirror with a path ({@code ValidateMirror} in moby's {@code registry/config.go}: since
     * commit 3d8f7d0683 of 24.0 and c587ba3422 of 25.0).
     */
    public boolean takesMirrorPaths() {
        return !isBefore(new EngineVersion(24, 0, 8));
    }

    /** Whether the engine takes other mirrors on a reload ({@code daemon/reload.go} of moby 17.04.0). */
    public boolean reloadsMirrors() {
        return !isBefore(of(17, 4));
    }

    /** Whether BuildKit asks for the mirrors at each build, and not once ({@code cmd/dockerd/daemon.go} of moby 25.0.0). */
    public boolean buildsWithReloadedMirrors() {
        return !isBefore(of(25, 0));
    }

    /** Whether the engine reads {@code certs.d/REGISTRY/hosts.toml} ({@code daemon/hosts.go} of moby 28.0.0). */
    public boolean readsHostsToml() {
        return !isBefore(of(28, 0));
    }

    @Override
    public int compareTo(EngineVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
