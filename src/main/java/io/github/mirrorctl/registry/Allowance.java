package io.github.mirrorctl.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a walk may cost: time, requests to anyone, redirects and tokens included, and bytes from anyone, heads and bodies.
 * May be asked from any thread; spending it belongs to the walk's own.
 */
final class Allowance {
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private volatile Deadline deadline;
    private volatile int mostRequests;
    private volatile long mostBytes;

    Allowance(Deadline deadline, int mostRequests, long mostBytes) {
        this.deadline = deadline;
        this.mostRequests = mostRequests;
        this.mostBytes = mostBytes;
    }

    /** Gives more time, from now on, further requests and further bytes. */
    void extend(Deadline longer, int furtherRequests, long furtherBytes) {
        mostRequests = requests.get() + furtherRequests;
        mostBytes = received.get() + furtherBytes;
        deadline = longer;
    }

    /** Takes time away: what follows is not worth waiting for as long as there would be time. */
    void hurry(Duration most) {
        deadline = Deadline.after(most).orSooner(deadline);
    }

    Deadline deadline() {
        return deadline;
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
