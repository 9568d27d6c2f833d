package io.github.mirrorctl.mirror;

import java.util.Locale;

/** What sort of operator stands behind a mirror. */
public enum Kind {
    UNIVERSITY(true),
    INSTITUTE(true),
    CLOUD(true),
    COMPANY(true),
    FOUNDATION(true),
    COMMUNITY(false),
    PERSONAL(false);

    private final boolean named;
    private final String key = name().toLowerCase(Locale.ROOT);

    Kind(boolean named) {
        this.named = named;
    }

    /** Whether an organisation answers for the mirror. A mirror decides what a tag means, so these come first. */
    public boolean isNamed() {
        return named;
    }

    /** As JSON spells it. */
    public String key() {
        return key;
    }
}
