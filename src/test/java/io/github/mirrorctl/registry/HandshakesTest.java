package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HandshakesTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration AMPLE = Duration.ofSeconds(20);
    /** An alert that says nothing (user_canceled, RFC 5246, section 7.2). */
    private static final byte[] ALERT = {21, 3, 3, 0, 2, 1, 90};

    private static final TestCertificates CERTIFICATES = TestCertificates.COMMON;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        threads.shutdown();
    }

    @Test
    void whoever_waits_for_its_peer_holds_back_nobody() throws IOException {
        Handshakes handshakes = new Handshakes(registry -> CERTIFICATES.client(), 1, NEVER);
        CompletableFuture<Handshakes.Secured> silent = handshake(handshakes, peer(socket -> {}), NEVER);

        Handshakes.Secured good = handshake(handshakes, goodPeer(), AMPLE).join();

        assertThat(good.socket().getSession().isValid()).isTrue();
        assertThat(silent).isNotDone();
    }

    @Test
    void a_peer_that_never_ends_lets_others_go_first() throws IOException {
        Handshakes handshakes = new Handshakes(registry -> CERTIFICATES.client(), 1, Duration.ofMillis(5));
        CountDownLatch flooded = new CountDownLatch(1);
        CompletableFuture<Handshakes.Secured> endless =
                handshake(handshakes, peer(socket -> flood(socket, flooded)), NEVER);
        flooded.countDown();

        Handshakes.Secured good = handshake(handshakes, goodPeer(), AMPLE).join();

        assertThat(good.socket().getSession().isValid()).isTrue();
        assertThat(endless).isNotDone();
    }

    @Test
    void the_time_of_a_handshake_is_the_peer_s() throws IOException {
        CompletableFuture<Void> authorities = new CompletableFuture<>();
        Handshakes handshakes = new Handshakes(
                registry -> {
                    authorities.join();
                    return CERTIFICATES.client();
                },
                1,
                NEVER);
        long start = System.nanoTime();
        CompletableFuture<Handshakes.Secured> secured = handshake(handshakes, goodPeer(), AMPLE);
        sleep(Duration.ofMillis(700));
        authorities.complete(null);
        Duration took = secured.join().took();

        assertThat(took.plusMillis(690)).isLessThan(Duration.ofNanos(System.nanoTime() - start));
    }

    @Test
    void a_silent_peer_ends_at_the_deadline() throws IOException {
        Handshakes handshakes = new Handshakes(registry -> CERTIFICATES.client());

        assertThatThrownBy(() -> handshake(handshakes, peer(socket -> {}), Duration.ofMillis(50))
                        .join())
                .hasRootCauseInstanceOf(SocketTimeoutException.class);
    }

    private interface Peer {
        void serve(Socket socket) throws IOException;
    }

    private int goodPeer() throws IOException {
        return peer(socket -> {
            SSLSocket secured = (SSLSocket)
                    CERTIFICATES.server("good").getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            secured.setUseClientMode(false);
            secured.startHandshake();
        });
    }

    private static void flood(Socket socket, CountDownLatch begin) throws IOException {
        byte[] alerts = new byte[ALERT.length * 1000];
        for (int i = 0; i < alerts.length; i++) {
            alerts[i] = ALERT[i % ALERT.length];
        }
        try {
            begin.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        while (true) {
            socket.getOutputStream().write(alerts);
        }
    }

    /** A server for one connection, which stays open until the test ends; its port. */
    private int peer(Peer peer) throws IOException {
        ServerSocket listening = new ServerSocket(0, 1, LOOPBACK);
        open.add(listening);
        threads.execute(() -> {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                peer.serve(socket);
            } catch (IOException e) {
                // The test has seen enough.
            }
        });
        return listening.getLocalPort();
    }

    private CompletableFuture<Handshakes.Secured> handshake(Handshakes handshakes, int port, Duration time) {
        Deadline deadline = Deadline.after(time);
        Origin registry = new Origin(true, LOOPBACK.getHostAddress(), port);
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        TimedSocket raw = new Dialer(deadline, open::add)
                                .dial(new InetAddress[] {LOOPBACK}, port)
                                .socket();
                        return handshakes.with(
                                registry, raw, raw, registry.host(), port, new Allowance(deadline, 1, Long.MAX_VALUE));
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
