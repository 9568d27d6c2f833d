package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds back what is to be measured exactly until the walks that began together have made their handshakes, each of
 * which takes a processor for milliseconds, and then lets go one after the other. It waits for a part of one mirror's
 * time at most, since some never answer, and lets go within another such part. Safe for use by many threads.
 */
final class Calm {
    /** So long has who was let go, before the next is, unless it ends its turn sooner. */
    private static final Duration LONGEST_TURN = Duration.ofMillis(20);

    private final Deadline latest;
    private final Duration turn;
    private int walking;
    private Deadline next = Deadline.after(Duration.ZERO);
    private @Nullable Thread whoseTurn;

    /**
     * @param walks how many begin together
     * @param timeout for each of them, from now on
     */
    Calm(int walks, Duration timeout) {
        this(walks, timeout, LONGEST_TURN);
    }

    /** @param longestTurn what each has for itself, where there is time for that */
    Calm(int walks, Duration timeout, Duration longestTurn) {
        Duration part = timeout.multipliedBy(3).dividedBy(10);
        Duration share = part.dividedBy(Math.max(1, walks));
        this.walking = walks;
        this.latest = Deadline.after(part);
        this.turn = share.compareTo(longestTurn) < 0 ? share : longestTurn;
    }

    /** Tells that a walk will make no handshake any more; to be called once for each. */
    synchronized void arrive() {
        walking--;
        notifyAll();
    }

    /** Waits for the calling thread's turn. */
    synchronized void await() throws InterruptedException {
        while (walking > 0 && !latest.isPast()) {
            TimeUnit.NANOSECONDS.timedWait(this, latest.remainingNanos());
        }
        while (!next.isPast()) {
            TimeUnit.NANOSECONDS.timedWait(this, next.remainingNanos());
        }
        next = Deadline.after(turn);
        whoseTurn = Thread.currentThread();
    }

    /** Ends the calling thread's turn, where it is still its own. */
    synchronized void leave() {
        if (whoseTurn == Thread.currentThread()) {
            next = Deadline.after(Duration.ZERO);
            whoseTurn = null;
            // One and not all, which would take processors from whoever is next.
            notify();
        }
    }
}
