package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorctl.platform.EngineApi.Answer;
import io.github.mirrorctl.platform.EngineApi.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the engine listens on a pipe there")
class EngineApiTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private Path folder;
    private Path socket;

    /** Not a @TempDir: on macOS those are longer than the 104 bytes a socket's path may have. */
    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "engine");
        socket = folder.resolve("docker.sock");
    }

    @AfterEach
    void removeFolder() throws IOException {
        Files.deleteIfExists(socket);
        Files.delete(folder);
    }

    private Answer ask(Duration deadline) throws InterruptedException {
        return new EngineApi(Host.current(), "unix://" + socket).info(deadline);
    }

    /** Takes one connection, says this, and closes it, or keeps it open until the latch falls. */
    private Answer askWhileItSays(String says, CountDownLatch keepsOpen, Duration deadline) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread engine = new Thread(() -> serve(server, says, keepsOpen));
            engine.start();
            Answer answer = ask(deadline);
            keepsOpen.countDown();
            engine.join();
            return answer;
        }
    }

    private static void serve(ServerSocketChannel server, String says, CountDownLatch keepsOpen) {
        try (SocketChannel client = server.accept()) {
            ByteBuffer request = ByteBuffer.allocate(1024);
            client.read(request);
            assertThat(new String(request.array(), StandardCharsets.US_ASCII))
                    .matches("(?s)GET /(info|containers/json) HTTP/1\\.0\r\n.*");
            client.write(ByteBuffer.wrap(says.getBytes(StandardCharsets.UTF_8)));
            keepsOpen.await();
        } catch (IOException | InterruptedException gone) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void gives_the_engines_json() throws Exception {
        String json = "{\"Name\":\"机器\"}\n";

        Answer answer =
                askWhileItSays("HTTP/1.0 200 OK\r\nApi-Version: 1.51\r\n\r\n" + json, new CountDownLatch(0), LONG);

        assertThat(answer).isEqualTo(new Answer(Outcome.ANSWERED, json));
    }

    @Test
    void takes_nothing_from_what_is_no_engine() throws Exception {
        assertThat(askWhileItSays("SSH-2.0-OpenSSH_9.2\r\n", new CountDownLatch(0), LONG))
                .isEqualTo(new Answer(Outcome.NOT_UNDERSTOOD, ""));
    }

    @Test
    void takes_nothing_from_an_error() throws Exception {
        assertThat(askWhileItSays("HTTP/1.0 500 Oops\r\n\r\n{}", new CountDownLatch(0), LONG)
                        .outcome())
                .isEqualTo(Outcome.NOT_UNDERSTOOD);
    }

    @Test
    void gives_up_on_an_engine_that_hangs() throws Exception {
        assertThat(askWhileItSays("HTTP/1.0 200 OK\r\n", new CountDownLatch(1), Duration.ofMillis(100))
                        .outcome())
                .isEqualTo(Outcome.SILENT);
    }

    @Test
    void says_that_nobody_is_there() throws InterruptedException {
        assertThat(ask(LONG)).isEqualTo(new Answer(Outcome.NOBODY_THERE, ""));
    }

    @Test
    void says_that_nobody_is_there_where_a_dead_socket_was_left() throws Exception {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        server.close();

        assertThat(ask(LONG).outcome()).isEqualTo(Outcome.NOBODY_THERE);
    }

    @Test
    void knows_the_socket_of_an_address() {
        assertThat(EngineApi.socket("unix:///run/a.sock")).hasValue("/run/a.sock");
        assertThat(EngineApi.socket("npipe:////./pipe/docker_engine")).isEmpty();
    }

    @Test
    void looks_for_it_where_it_usually_listens() {
        Host windows = Host.of(Path.of("/"), Map.of(), "Windows 11", "C:\\Users\\a", "a", "amd64");

        assertThat(EngineApi.usualAddress(Host.current())).isEqualTo("unix:///var/run/docker.sock");
        assertThat(EngineApi.usualAddress(windows)).isEqualTo("npipe:////./pipe/docker_engine");
    }

    @Test
    void asks_over_plain_tcp() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            Thread engine = new Thread(() -> serve(server, "HTTP/1.0 200 OK\r\n\r\n{}", new CountDownLatch(0)));
            engine.start();

            Answer answer = new EngineApi(Host.current(), "tcp://127.0.0.1:" + port + "/").info(LONG);

            engine.join();
            assertThat(answer).isEqualTo(new Answer(Outcome.ANSWERED, "{}"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:99999", "tcp://127.0.0.1:1"})
    void finds_nobody_at_an_address_where_nothing_listens(String address) throws InterruptedException {
        assertThat(new EngineApi(Host.current(), address).info(LONG).outcome()).isEqualTo(Outcome.NOBODY_THERE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh://ann@build", "https://build:2376", "tcp://[::1", "tcp://a:b:c", "fd://", ""})
    void leaves_other_ways_to_the_client(String address) {
        EngineApi api = new EngineApi(Host.current(), address);

        assertThat(EngineApi.canAsk(address)).isFalse();
        assertThatThrownBy(() -> api.info(LONG)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tcp://build", "tcp://10.0.0.1:2375", "tcp://[::1]:2375", "unix:///a", "npipe:////./pipe/a"})
    void knows_the_way_to_sockets_pipes_and_plain_tcp(String address) {
        assertThat(EngineApi.canAsk(address)).isTrue();
    }
}
