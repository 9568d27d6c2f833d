package io.github.mirrorctl.registry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The sha256 digest of a manifest or blob, as {@code sha256:} and 64 hexadecimal digits (OCI image spec, descriptor,
 * "Digests").
 */
public record Digest(String hex) {
    private static final String PREFIX = "sha256:";

    /** Reads a digest; empty for another algorithm and for anything that is no digest. */
    public static Optional<Digest> parse(String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        if (!trimmed.startsWith(PREFIX) || trimmed.length() != PREFIX.length() + 64) {
            return Optional.empty();
        }
        String hex = trimmed.substring(PREFIX.length());
        return hex.chars().allMatch(HexFormat::isHexDigit) ? Optional.of(new Digest(hex)) : Optional.empty();
    }

    public static Digest of(byte[] content) {
        MessageDigest sha256 = sha256();
        sha256.update(content);
        return ofAll(sha256);
    }

    /** What {@link #ofAll} reads: for content that comes in pieces. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The digest of all that was given to {@link #sha256}, which begins anew. */
    static Digest ofAll(MessageDigest sha256) {
        return new Digest(HexFormat.of().formatHex(sha256.digest()));
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
