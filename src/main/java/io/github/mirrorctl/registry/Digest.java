package io.github.mirrorctl.registry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The digest of a manifest or blob, as {@code sha256:} and 64 hexadecimal digits (OCI image spec, descriptor,
 * "Digests"). Engines take {@code sha384:} and {@code sha512:} too (opencontainers/go-digest's {@code algorithm.go}).
 *
 * @param hex its length tells the algorithm
 */
public record Digest(String hex) {
    private static final Map<Integer, String> ALGORITHMS = Map.of(64, "256", 96, "384", 128, "512");
    private static final String FAMILY = "sha";

    /** Reads a digest; empty for another algorithm and for anything that is no digest. */
    public static Optional<Digest> parse(String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        int colon = trimmed.indexOf(':');
        String hex = trimmed.substring(colon + 1);
        String bits = ALGORITHMS.getOrDefault(hex.length(), "");
        boolean isDigest = !bits.isEmpty()
                && trimmed.startsWith(FAMILY + bits + ":")
                && hex.chars().allMatch(HexFormat::isHexDigit);
        return isDigest ? Optional.of(new Digest(hex)) : Optional.empty();
    }

    /** The same for what we compute ourselves, which is sha256. */
    public static Optional<Digest> parseSha256(String text) {
        return parse(text).filter(digest -> digest.bits().equals("256"));
    }

    public static Digest of(byte[] content) {
        return ofAll(started("256"), content);
    }

    /** By the algorithm of this one. */
    Digest likewise(byte[] content) {
        return ofAll(hasher(), content);
    }

    private static Digest ofAll(MessageDigest hasher, byte[] content) {
        hasher.update(content);
        return ofAll(hasher);
    }

    /** What {@link #ofAll} reads: for content that comes in pieces and is to have this digest. */
    MessageDigest hasher() {
        return started(bits());
    }

    private String bits() {
        return ALGORITHMS.getOrDefault(hex.length(), "256");
    }

    private static MessageDigest started(String bits) {
        try {
            return MessageDigest.getInstance("SHA-" + bits);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-2", e);
        }
    }

    /** The digest of all that was given to {@link #hasher}, which begins anew. */
    static Digest ofAll(MessageDigest hasher) {
        return new Digest(HexFormat.of().formatHex(hasher.digest()));
    }

    @Override
    public String toString() {
        return FAMILY + bits() + ":" + hex;
    }
}
