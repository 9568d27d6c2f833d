package io.github.mirrorctl.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a probe found of a mirror. Only what was walked to the depth asked is {@link #READY}. */
public enum Verdict {
    /** Walked to the depth asked, every digest right. */
    READY,
    /** Works, but its tag has another digest than the others say. */
    STALE,
    LOGIN_REQUIRED,
    DENIED,
    RATE_LIMITED,
    MISSING_IMAGE,
    NOT_A_REGISTRY,
    SERVER_ERROR,
    /** A wrong digest or size, or a body cut short: what aborts a pull on the containerd store. */
    CORRUPT,
    /** Took the connection and then did not answer inside the time. */
    STALLED,
    REFUSED,
    UNKNOWN_HOST,
    TLS_FAILED,
    UNREACHABLE;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As JSON spells it. */
    public String key() {
        return key;
    }

    /** The one that JSON spells so. */
    static Optional<Verdict> named(String key) {
        return Arrays.stream(values()).filter(one -> one.key.equals(key)).findFirst();
    }

    /** Whether an engine can pull through such a mirror. */
    public boolean isUsable() {
        return this == READY || this == STALE;
    }
}
