package io.github.mirrorctl.registry;

import java.util.Locale;

/** The steps of a walk down the pull path, in order. */
public enum Step {
    DNS,
    CONNECT,
    TLS,
    PING,
    TOKEN,
    MANIFEST,
    BLOB;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** As JSON spells it. */
    public String key() {
        return key;
    }
}
