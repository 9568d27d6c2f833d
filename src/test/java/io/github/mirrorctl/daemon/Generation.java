package io.github.mirrorctl.daemon;

import java.util.Random;

/**
 * How many texts the generating tests make, and from which seed. {@code mvn test -Pfuzz} makes many more, and
 * {@code -Dmirrorctl.seed=NUMBER} others; both are printed, so that a failure can be had again.
 */
final class Generation {
    static final int DOCUMENTS = Integer.getInteger("mirrorctl.documents", 2000);
    private static final long SEED = Long.getLong("mirrorctl.seed", 20261124);

    private Generation() {}

    static Random random() {
        return new Random(SEED);
    }

    /** For one document of many, so that a failure can name it. */
    static Random random(long document) {
        return new Random(SEED + document);
    }

    /** Tells on the console what a test has been through. */
    static void report(int count, String what) {
        System.out.printf("Generated %d %s (seed %d)%n", count, what, SEED);
    }
}
