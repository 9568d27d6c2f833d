package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Holds back what is to be measured exactly until the walks that began together have made their handshakes, each of
 * which takes a processor for milliseconds, and then lets go one after the other. It waits for a part of one mirror's
 * time at most, since some never answer, and lets go within another such part. Safe for use by many threads.
 */
final class Calm {
    /** Each sends a few requests when it is let go, and they all have come to an end by then. */
    private static final Duration LONGEST_PACE = Duration.ofMillis(20);

    private final Deadline latest;
    private final Duration pace;
    private int walking;
    private Deadline next = Deadline.after(Duration.ZERO);

    /**
     * @param walks how many begin together
     * @param timeout for each of them, from now on
     */
    Calm(int walks, Duration timeout) {
        Duration part = timeout.multipliedBy(3).dividedBy(10);
        Duration share = part.dividedBy(Math.max(1, walks));
        this.walking = walks;
        this.latest = Deadline.after(part);
        this.pace = share.compareTo(LONGEST_PACE) < 0 ? share : LONGEST_PACE;
    }

    /** Tells that a walk will make no handshake any more; to be called once for each. */
    synchronized void arrive() {
        walking--;
        notifyAll();
    }

    void await() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(turn().remainingNanos());
    }

    private synchronized Deadline turn() throws InterruptedException {
        while (walking > 0 && !latest.isPast()) {
            TimeUnit.NANOSECONDS.timedWait(this, latest.remainingNanos());
        }
        Deadline mine = next.isPast() ? Deadline.after(Duration.ZERO) : next;
        next = new Deadline(mine.nanoTime() + pace.toNanos());
        return mine;
    }
}
