package io.github.mirrorctl.registry;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS handshakes, of which no more compute at once than there are processors: each takes one for milliseconds, and a
 * hundred at once would keep the answers that come meanwhile from being seen in time. Whoever waits for bytes computes
 * nothing, and holds back nobody. Safe for use by many threads.
 */
final class Handshakes {
    /** So long one computes before it lets another go first, whatever its peer sends. */
    private static final Duration LONGEST_TURN = Duration.ofMillis(100);

    private final TlsSockets tls;
    private final Semaphore processors;
    private final int processorCount;
    private final Duration longestTurn;
    private final LongAdder turns = new LongAdder();
    /** How long they took in all, in nanoseconds. */
    private final LongAdder turnTime = new LongAdder();

    Handshakes(TlsSockets tls) {
        this(tls, Runtime.getRuntime().availableProcessors(), LONGEST_TURN);
    }

    Handshakes(TlsSockets tls, int processors, Duration longestTurn) {
        this.tls = tls;
        this.processors = new Semaphore(processors, /* fair= */ true);
        this.processorCount = processors;
        this.longestTurn = longestTurn;
    }

    /** How long one more is likely to wait for its turn, by how long turns have taken so far. */
    Duration expectedWait() {
        long oneTurn = turnTime.sum() / Math.max(1, turns.sum());
        return Duration.ofNanos(oneTurn * processors.getQueueLength() / processorCount);
    }

    /**
     * A socket with TLS.
     *
     * @param took the handshake, without what is nothing of the peer's: waiting for a processor, or for the authorities
     *     to be read
     * @param isOfRegistry whether it took an authority that only the classic store asks (see {@link Trust#isOfRegistry})
     */
    record Secured(SSLSocket socket, Duration took, boolean isOfRegistry) {}

    /**
     * Speaks TLS with a peer that must prove to be that host.
     *
     * @param registry on whose behalf
     * @param raw the TCP socket below the other one
     * @throws SocketTimeoutException at the deadline
     */
    Secured with(Origin registry, Socket socket, TimedSocket raw, String host, int port, Allowance allowance)
            throws IOException {
        SSLSocketFactory factory = tls.pullingFrom(registry.authority());
        Turn turn = new Turn(allowance);
        turn.begin();
        raw.watchReads(turn);
        try {
            long start = System.nanoTime();
            Duration waitedBefore = allowance.waited();
            SSLSocket secured = (SSLSocket) factory.createSocket(socket, host, port, true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.setSoTimeout(allowance.deadline().remainingMillis());
            secured.startHandshake();
            Duration waited = allowance.waited().minus(waitedBefore);
            Duration took = Duration.ofNanos(System.nanoTime() - start).minus(waited);
            // Now, since a ticket that comes later makes it another session.
            return new Secured(secured, took, Trust.isOfRegistry(secured.getSession()));
        } finally {
            raw.unwatchReads();
            turn.end();
        }
    }

    /** A handshake's share of the processors. It belongs to the handshake's own thread. */
    private final class Turn implements TimedSocket.ReadWatch {
        private final Allowance allowance;
        private boolean isMine;
        private long begun;

        Turn(Allowance allowance) {
            this.allowance = allowance;
        }

        /** Waits for a processor; past the deadline it goes on without, to where the deadline is noticed. */
        void begin() {
            long longest = allowance.longestWait().toNanos();
            allowance.beginWait();
            try {
                isMine = processors.tryAcquire(longest, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                allowance.endWait();
            }
            begun = System.nanoTime();
        }

        void end() {
            if (isMine) {
                isMine = false;
                turns.increment();
                turnTime.add(System.nanoTime() - begun);
                processors.release();
            }
        }

        @Override
        public void willRead(int available) {
            if (available == 0 || System.nanoTime() - begun > longestTurn.toNanos()) {
                end();
            }
        }

        @Override
        public void hasRead() {
            if (!isMine) {
                begin();
            }
        }
    }
}
