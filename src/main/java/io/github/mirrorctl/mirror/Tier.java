package io.github.mirrorctl.mirror;

/** What the catalog expects of a mirror before anything was measured. */
public enum Tier {
    /** Answers fluently. */
    FLUENT(1),
    /** Run by a private person. */
    PRIVATE(2),
    /** Serves a part of the images; some pulls break. */
    PARTIAL(3);

    private final int number;

    Tier(int number) {
        this.number = number;
    }

    /** The number as the catalog and the command line write it: 1, 2 or 3. */
    public int number() {
        return number;
    }
}
