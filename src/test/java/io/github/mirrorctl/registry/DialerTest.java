package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class DialerTest {
    private final List<Socket> opened = new CopyOnWriteArrayList<>();

    private Dialer dialer(Duration time) {
        return new Dialer(Deadline.after(time), opened::add);
    }

    private static InetAddress loopback(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    @Test
    void takes_the_second_address_where_the_first_hangs_and_closes_the_first() throws IOException {
        try (FullBacklog hanging = new FullBacklog(loopback(2), 0);
                FakeRegistry answering = FakeRegistry.serving(
                        FakeImage.node(), new java.net.InetSocketAddress(loopback(3), hanging.port()))) {

            Dialer.Dialed dialed =
                    dialer(Probes.AMPLE).dial(new InetAddress[] {loopback(2), loopback(3)}, answering.port());

            assertThat(dialed.socket().getInetAddress()).isEqualTo(loopback(3));
            assertThat(opened).hasSize(2);
            assertThat(opened).filteredOn(Socket::isClosed).hasSize(1).doesNotContain(dialed.socket());
            dialed.socket().close();
        }
    }

    @Test
    void takes_the_second_address_where_the_first_refuses() throws IOException {
        try (FakeRegistry answering =
                FakeRegistry.serving(FakeImage.node(), new java.net.InetSocketAddress(loopback(3), 0))) {

            Dialer.Dialed dialed =
                    dialer(Probes.AMPLE).dial(new InetAddress[] {loopback(2), loopback(3)}, answering.port());

            assertThat(dialed.socket().getInetAddress()).isEqualTo(loopback(3));
            dialed.socket().close();
        }
    }

    @Test
    void says_that_an_address_hangs_even_where_another_refused() throws IOException {
        try (FullBacklog hanging = new FullBacklog(loopback(3), 0)) {
            InetAddress[] addresses = {loopback(2), loopback(3)};

            IOException failure = catchThrowableOfType(
                    IOException.class, () -> dialer(Duration.ofMillis(500)).dial(addresses, hanging.port()));

            assertThat(failure).isInstanceOf(SocketTimeoutException.class);
            assertThat(Dialer.explain(failure).verdict()).isEqualTo(Verdict.UNREACHABLE);
            assertThat(opened).allMatch(Socket::isClosed);
        }
    }

    @Test
    void says_that_all_addresses_refuse() throws IOException {
        int closedPort;
        try (FakeRegistry gone = FakeRegistry.serving(FakeImage.node())) {
            closedPort = gone.port();
        }

        IOException failure = catchThrowableOfType(
                IOException.class,
                () -> dialer(Probes.AMPLE).dial(new InetAddress[] {loopback(2), loopback(3)}, closedPort));

        assertThat(failure).isInstanceOf(ConnectException.class);
        assertThat(Dialer.explain(failure).verdict()).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void reports_a_black_hole_at_the_deadline() throws Exception {
        try (FullBacklog hanging = new FullBacklog(loopback(2), 0)) {

            ProbeResult result =
                    Probes.probe("http://127.0.0.2:" + hanging.port(), Probes.plan(Depth.MANIFEST, Probes.SHORT));

            assertThat(result.verdict()).isEqualTo(Verdict.UNREACHABLE);
            assertThat(result.failedAt()).contains(Step.CONNECT);
            assertThat(result.reason().map(Reason::code)).contains("connect-timeout");
        }
    }
}
