package io.github.mirrorctl.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a walk may cost: time, requests to anyone, redirects and tokens included, and bytes from anyone, heads and bodies.
 * May be asked from any thread; spending it belongs to the walk's own.
 */
final class Allowance {
    /** The part of its time that a walk may lose to waiting for this machine's processors. */
    private static final int LOST_PART = 3;
    /** So many times its time does a walk get back at most, since those that it waits for may never end. */
    private static final int MOST_RETURNED = 2;

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    /** In nanoseconds, as what follows. */
    private final long mostLost;

    private final long mostReturned;
    private volatile Time time;
    private volatile int mostRequests;
    private volatile long mostBytes;

    /**
     * What is known of the time, as one, since others look while the walk's thread changes it.
     *
     * @param deadline as it was when the walk last began or ended to wait
     * @param waited for processors, in nanoseconds, without the wait that lasts
     * @param waitingSince by {@link System#nanoTime}; empty while no processor is waited for
     */
    private record Time(Deadline deadline, long waited, OptionalLong waitingSince) {}

    /** With a deadline that stands, whatever is waited for. */
    Allowance(Deadline deadline, int mostRequests, long mostBytes) {
        this(deadline, Duration.ZERO, mostRequests, mostBytes);
    }

    /**
     * With a deadline that moves while the walk waits for this machine's processors, once it has lost a third of its time
     * to that, which is none of its mirror's doing.
     *
     * @param time the walk's; the deadline moves by no more than twice as much
     */
    Allowance(Deadline deadline, Duration time, int mostRequests, long mostBytes) {
        this.time = new Time(deadline, 0, OptionalLong.empty());
        this.mostLost = mostLost(time).toNanos();
        this.mostReturned = time.toNanos() * MOST_RETURNED;
        this.mostRequests = mostRequests;
        this.mostBytes = mostBytes;
    }

    /** What a walk that has so much time may lose of it to waiting for this machine's processors. */
    static Duration mostLost(Duration time) {
        return time.dividedBy(LOST_PART);
    }

    /** Gives more time, from now on, further requests and further bytes. */
    void extend(Deadline longer, int furtherRequests, long furtherBytes) {
        mostRequests = requests.get() + furtherRequests;
        mostBytes = received.get() + furtherBytes;
        time = new Time(longer, time.waited, OptionalLong.empty());
    }

    /** Takes time away: what follows is not worth waiting for as long as there would be time. */
    void hurry(Duration most) {
        time = new Time(Deadline.after(most).orSooner(time.deadline), time.waited, OptionalLong.empty());
    }

    /** Tells that the walk waits for a processor from now on. */
    void beginWait() {
        time = new Time(time.deadline, time.waited, OptionalLong.of(System.nanoTime()));
    }

    /** Tells that it has one, or waits no more. */
    void endWait() {
        long waited = waitedUntilNow(time);
        time = new Time(moved(time, waited), waited, OptionalLong.empty());
    }

    /** How long it has waited for processors, without a wait that lasts. */
    Duration waited() {
        return Duration.ofNanos(time.waited);
    }

    /** How long a wait for a processor that begins now may last until the deadline has passed, however it moves. */
    Duration longestWait() {
        long left = time.deadline.remaining().toNanos();
        boolean moves = left >= mostLost - time.waited;
        return Duration.ofNanos(moves ? left + mostReturned - returned(time.waited) : left);
    }

    /** The deadline that holds at the moment. */
    Deadline deadline() {
        Time now = time;
        return now.waitingSince.isEmpty() ? now.deadline : moved(now, waitedUntilNow(now));
    }

    private static long waitedUntilNow(Time time) {
        OptionalLong since = time.waitingSince;
        return time.waited + (since.isEmpty() ? 0 : System.nanoTime() - since.getAsLong());
    }

    private Deadline moved(Time time, long waited) {
        return time.deadline.plus(Duration.ofNanos(returned(waited) - returned(time.waited)));
    }

    private long returned(long waited) {
        return Math.max(0, Math.min(waited - mostLost, mostReturned));
    }

    int requests() {
        return requests.get();
    }

    int requestsLeft() {
        return mostRequests - requests.get();
    }

    long bytesReceived() {
        return received.get();
    }

    long bytesLeft() {
        return mostBytes - received.get();
    }

    /** @throws SpentException where no request is left */
    void requireRequest() throws SpentException {
        if (requestsLeft() <= 0) {
            throw new SpentException("too-many-requests", mostRequests);
        }
    }

    /** @throws SpentException where no byte is left */
    void requireBytes() throws SpentException {
        if (bytesLeft() <= 0) {
            throw new SpentException("too-many-bytes", mostBytes);
        }
    }

    void countRequest() {
        requests.incrementAndGet();
    }

    void countBytes(int count) {
        received.addAndGet(count);
    }

    /** What a walk may cost others is used up. */
    static final class SpentException extends IOException {
        private static final long serialVersionUID = 1L;

        private final String code;
        private final long most;

        SpentException(String code, long most) {
            super(code);
            this.code = code;
            this.most = most;
        }

        Reason reason() {
            return Reason.of(code, String.valueOf(most));
        }
    }
}
