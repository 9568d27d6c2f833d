package io.github.mirrorctl.registry;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

    /** For each processor: the last of so many waits some 150 ms where a handshake computes twice for 5 ms. */
    private static final int MOST_WAITING = 32;

    private final Supplier<SSLSocketFactory> tls;
    private final Semaphore processors;
    private final int mostWaiting;
    private final Duration longestTurn;

    /** @param tls asked by the first that needs it */
    Handshakes(Supplier<SSLSocketFactory> tls) {
        this(tls, Runtime.getRuntime().availableProcessors(), LONGEST_TURN);
    }

    Handshakes(Supplier<SSLSocketFactory> tls, int processors, Duration longestTurn) {
        this.tls = tls;
        this.processors = new Semaphore(processors, /* fair= */ true);
        this.mostWaiting = MOST_WAITING * processors;
        this.longestTurn = longestTurn;
    }

    /** Whether so many wait for a processor that one more would spend much of its mirror's time here. */
    boolean areMany() {
        return processors.getQueueLength() >= mostWaiting;
    }

    /**
     * A socket with TLS.
     *
     * @param took the handshake, without what is nothing of the peer's: waiting for a processor, or for the authorities
     *     to be read
     */
    record Secured(SSLSocket socket, Duration took) {}

    /**
     * Speaks TLS with a peer that must prove to be that host.
     *
     * @param raw the TCP socket below the other one
     * @throws SocketTimeoutException at the deadline
     */
    Secured with(Socket socket, TimedSocket raw, String host, int port, Deadline deadline) throws IOException {
        SSLSocketFactory factory = tls.get();
        Turn turn = new Turn(deadline);
        turn.begin();
        raw.watchReads(turn);
        try {
            long start = System.nanoTime();
            long waitedBefore = turn.waited;
            SSLSocket secured = (SSLSocket) factory.createSocket(socket, host, port, true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.setSoTimeout(deadline.remainingMillis());
            secured.startHandshake();
            return new Secured(secured, Duration.ofNanos(System.nanoTime() - start - (turn.waited - waitedBefore)));
        } finally {
            raw.unwatchReads();
            turn.end();
        }
    }

    /** A handshake's share of the processors. It belongs to the handshake's own thread. */
    private final class Turn implements TimedSocket.ReadWatch {
        private final Deadline deadline;
        private boolean isMine;
        private long begun;
        /** Nanoseconds. */
        private long waited;

        Turn(Deadline deadline) {
            this.deadline = deadline;
        }

        /** Waits for a processor; past the deadline it goes on without, to where the deadline is noticed. */
        void begin() {
            long asked = System.nanoTime();
            try {
                isMine = processors.tryAcquire(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            begun = System.nanoTime();
            waited += begun - asked;
        }

        void end() {
            if (isMine) {
                isMine = false;
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
