package io.github.mirrorctl.registry;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A blob as it comes: counted, timed and digested, and not held. One more byte than the manifest says is read at most,
 * so that a blob without an end is noticed.
 */
final class Download implements Connection.Sink {
    private final Manifest.Descriptor blob;
    private final RateMeter meter;
    private final BooleanSupplier isEnough;
    private final Optional<MessageDigest> hasher;
    private long lastNanoTime;

    /** @param isEnough asked after every piece that came */
    Download(Manifest.Descriptor blob, RateMeter meter, BooleanSupplier isEnough) {
        this(blob, meter, isEnough, Optional.of(blob.digest().hasher()));
    }

    private Download(
            Manifest.Descriptor blob, RateMeter meter, BooleanSupplier isEnough, Optional<MessageDigest> hasher) {
        this.blob = blob;
        this.meter = meter;
        this.isEnough = isEnough;
        this.hasher = hasher;
    }

    /** One without a digest, which a young JVM computes more slowly than a good line brings the bytes. */
    static Download undigested(Manifest.Descriptor blob, RateMeter meter, BooleanSupplier isEnough) {
        return new Download(blob, meter, isEnough, Optional.empty());
    }

    Manifest.Descriptor blob() {
        return blob;
    }

    RateMeter meter() {
        return meter;
    }

    Duration firstByteSince(long nanoTime) {
        return Duration.ofNanos(Math.max(0, lastNanoTime - nanoTime - meter.elapsedNanos()));
    }

    /** Whether nothing came for so long, up to now. */
    boolean isSilentFor(Duration duration) {
        return System.nanoTime() - lastNanoTime > duration.toNanos();
    }

    boolean isWhole() {
        return meter.total() == blob.size();
    }

    /** Of what came; to be asked once. */
    Digest digest() {
        return Digest.ofAll(hasher.orElseThrow());
    }

    @Override
    public void take(byte[] buffer, int offset, int count) {
        lastNanoTime = System.nanoTime();
        meter.add(lastNanoTime, count);
        hasher.ifPresent(digest -> digest.update(buffer, offset, count));
    }

    @Override
    public boolean isFull() {
        return meter.total() > blob.size() || (meter.total() < blob.size() && isEnough.getAsBoolean());
    }
}
