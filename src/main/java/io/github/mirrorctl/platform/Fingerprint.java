package io.github.mirrorctl.platform;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The first 12 hexadecimal digits of a content's SHA-256: enough to tell whether a file changed, short in a name. */
final class Fingerprint {
    /** Stands for a file that does not exist. */
    static final String ABSENT = "000000000000";

    private static final int BYTES = 6;

    private Fingerprint() {}

    static String of(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
