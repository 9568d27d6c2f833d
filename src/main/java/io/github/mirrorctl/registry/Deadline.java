package io.github.mirrorctl.registry;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** A moment on the monotonic clock by which something must have ended. */
record Deadline(long nanoTime) {

    static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    Deadline orSooner(Deadline other) {
        return nanoTime - other.nanoTime <= 0 ? this : other;
    }

    Deadline plus(Duration duration) {
        return new Deadline(nanoTime + duration.toNanos());
    }

    boolean isPast() {
        return remainingNanos() <= 0;
    }

    /** The time left; zero where it has passed. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, remainingNanos()));
    }

    /** The same, below zero where it has passed. */
    long remainingNanos() {
        return nanoTime - System.nanoTime();
    }

    /**
     * The time left for a socket operation, in milliseconds and at least 1, since sockets take 0 for ever.
     *
     * @throws SocketTimeoutException where none is left
     */
    int remainingMillis() throws SocketTimeoutException {
        long nanos = remainingNanos();
        if (nanos <= 0) {
            throw new SocketTimeoutException("deadline passed");
        }
        return (int) Math.min(Integer.MAX_VALUE, nanos / 1_000_000 + 1);
    }
}
