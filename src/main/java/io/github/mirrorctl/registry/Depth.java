package io.github.mirrorctl.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far down the pull path a probe walks. */
public enum Depth {
    /** {@code /v2/} alone. It neither admits nor excludes a mirror reliably, but costs one request. */
    PING,
    /** The anonymous token, the tag's manifest and the platform's manifest, digests computed. */
    MANIFEST,
    /** The finalists' blobs too: what can be read whole with its digest, and a sample of the largest layer for its speed. */
    BLOB;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** As JSON and the command line spell it. */
    public String key() {
        return key;
    }

    /** The one that JSON spells so. */
    static Optional<Depth> named(String key) {
        return Arrays.stream(values()).filter(one -> one.key.equals(key)).findFirst();
    }
}
