package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.mirror.MirrorUrl;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private static final byte[] TEXT = "{\"schemaVersion\": 2}".getBytes(StandardCharsets.US_ASCII);

    /** What a client makes of bytes that a server sends at once and then closes. */
    private static Response read(int longestBody, String head, byte[] body) throws IOException {
        return read(longestBody, head, body, raw -> raw);
    }

    /** @param above what the client speaks to the server on, over its TCP socket */
    private static Response read(int longestBody, String head, byte[] body, UnaryOperator<Socket> above)
            throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TimedSocket client = new TimedSocket();
                Socket peer = accepted(server, client)) {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            answer.writeBytes(head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            answer.writeBytes(body);
            peer.getOutputStream().write(answer.toByteArray());
            peer.shutdownOutput();
            Connection connection = new Connection(
                    above.apply(client),
                    client,
                    Origin.of(MirrorUrl.parse("http://127.0.0.1")),
                    Optional.empty(),
                    new Allowance(Deadline.after(Probes.AMPLE), 1, Long.MAX_VALUE));
            connection.send("GET", "/", Map.of());
            return connection.receive("GET", "/", longestBody, Optional.empty());
        }
    }

    private static Socket accepted(ServerSocket server, Socket client) throws IOException {
        client.connect(server.getLocalSocketAddress());
        return server.accept();
    }

    /** What lies above the wire and takes its time, as TLS does. */
    private static Socket slow(Socket raw, long millis) {
        return new Socket() {
            @Override
            public InputStream getInputStream() throws IOException {
                return new FilterInputStream(raw.getInputStream()) {
                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        int count = super.read(buffer, offset, length);
                        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
                        return count;
                    }
                };
            }

            @Override
            public OutputStream getOutputStream() throws IOException {
                return new FilterOutputStream(raw.getOutputStream()) {
                    @Override
                    public void write(byte[] buffer, int offset, int length) throws IOException {
                        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
                        out.write(buffer, offset, length);
                    }
                };
            }

            @Override
            public synchronized void setSoTimeout(int timeout) throws SocketException {
                raw.setSoTimeout(timeout);
            }
        };
    }

    private static byte[] gzipped(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        }
        return packed.toByteArray();
    }

    @Test
    void says_that_a_body_is_too_long_where_the_surplus_came_with_the_rest() throws IOException {
        byte[] body = new byte[100];

        assertThat(read(90, "HTTP/1.1 200 OK\nContent-Length: 100\n\n", body).tooLong())
                .isTrue();
        assertThat(read(100, "HTTP/1.1 200 OK\nContent-Length: 100\n\n", body).tooLong())
                .isFalse();
    }

    @Test
    void the_time_to_the_first_byte_is_that_of_the_wire() throws IOException {
        Response response = read(10, "HTTP/1.1 200 OK\n\n", new byte[0], raw -> slow(raw, 500));

        assertThat(response.firstByte()).isBetween(Duration.ZERO, Duration.ofMillis(500));
    }

    @Test
    void undoes_a_compression_that_was_not_asked_for_as_engines_do() throws IOException {
        Response response = read(1000, "HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n", gzipped(TEXT));

        assertThat(response.body()).isEqualTo(TEXT);
        assertThat(response.tooLong()).isFalse();
    }

    @Test
    void decompresses_no_more_than_it_may_hold() throws IOException {
        byte[] bomb = gzipped(new byte[10_000_000]);

        Response response = read(50_000, "HTTP/1.1 200 OK\nContent-Encoding: GZIP\n\n", bomb);

        assertThat(response.body()).hasSize(50_000);
        assertThat(response.tooLong()).isTrue();
    }

    @Test
    void leaves_what_is_only_called_compressed() throws IOException {
        byte[] half = Arrays.copyOf(gzipped(TEXT), 15);

        assertThat(read(1000, "HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n", TEXT)
                        .body())
                .isEqualTo(TEXT);
        assertThat(read(1000, "HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n", half)
                        .body())
                .isEqualTo(half);
    }
}
