package io.github.mirrorctl.mirror;

import java.util.Locale;

/** What the evidence says of a mirror at the catalog's date, best first. */
public enum Status {
    /** A dated test or the operator's own page says that it works. */
    ACTIVE,
    /** Only seen in lists. */
    UNKNOWN,
    /** Reported failing by one source, or restricted so that most users get errors. */
    DEGRADED,
    /** Ended, by the operator's word, by DNS, or by two independent sources. Never chosen. */
    RETIRED;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** As JSON and the command line spell it. */
    public String key() {
        return key;
    }
}
