package io.github.mirrorctl.platform;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A configuration file as it was when it was read. Immutable. */
public final class Snapshot {
    private final Path path;
    private final Path realPath;
    private final byte @Nullable [] content;
    private final Optional<String> mode;
    /** User and group, such as {@code root:docker}. */
    private final Optional<String> owner;

    Snapshot(Path path, Path realPath, byte @Nullable [] content, Optional<String> mode, Optional<String> owner) {
        this.path = path;
        this.realPath = realPath;
        this.content = content;
        this.mode = mode;
        this.owner = owner;
    }

    /** The path that was asked for. */
    public Path path() {
        return path;
    }

    /** The file behind all links, which a write replaces; where the file is absent, the one it would create. */
    public Path realPath() {
        return realPath;
    }

    /** A copy of the bytes; empty where there is no file. */
    public Optional<byte[]> content() {
        return Optional.ofNullable(content).map(byte[]::clone);
    }

    /** The same file as if these had been its bytes: what was read of it before it was found here. */
    public Snapshot with(Optional<byte[]> earlier) {
        return new Snapshot(path, realPath, earlier.orElse(null), mode, owner);
    }

    /** As {@code ls} spells it, such as {@code rw-r--r--}; empty where there is no file or no such thing. */
    public Optional<String> mode() {
        return mode;
    }

    /** Whether both have the same mode and belong to the same user and group. */
    boolean hasModeAndOwnerOf(Snapshot other) {
        return mode.equals(other.mode) && owner.equals(other.owner);
    }

    boolean hasContentOf(Snapshot other) {
        return Arrays.equals(content, other.content);
    }

    String fingerprint() {
        return content == null ? Fingerprint.ABSENT : Fingerprint.of(content);
    }
}
