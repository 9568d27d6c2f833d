package io.github.mirrorctl.mirror;

import java.util.Locale;

/**
 * Where an engine keeps images, which decides how it uses its mirrors: the graph driver's pull code asks {@code /v2/}
 * first and falls back to the next mirror on wrong content; the containerd store never asks it and aborts the pull.
 */
public enum ImageStore {
    GRAPHDRIVER,
    CONTAINERD;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** As JSON spells it. */
    public String key() {
        return key;
    }
}
