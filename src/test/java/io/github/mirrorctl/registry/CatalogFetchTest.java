package io.github.mirrorctl.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetches from servers on this machine, with TLS and without. */
final class CatalogFetchTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.COMMON;

    private HttpServer plain;
    private HttpsServer secured;

    @BeforeEach
    void start() throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        plain = HttpServer.create(anywhere, 0);
        secured = HttpsServer.create(anywhere, 0);
        secured.setHttpsConfigurator(new HttpsConfigurator(CERTIFICATES.server("good")));
        for (HttpServer server : new HttpServer[] {plain, secured}) {
            server.createContext("/catalog", exchange -> answer(exchange, 200, "catalog".getBytes(UTF_8)));
            server.createContext("/long", exchange -> answer(exchange, 200, new byte[CatalogFetch.LONGEST + 1]));
            server.createContext("/moved", exchange -> redirect(exchange, "catalog"));
            server.createContext("/round", exchange -> redirect(exchange, "round"));
            server.createContext("/weaker", exchange -> redirect(exchange, url(plain, "/catalog")));
            server.createContext("/stronger", exchange -> redirect(exchange, url(secured, "/catalog")));
            server.start();
        }
    }

    @AfterEach
    void stop() {
        plain.stop(0);
        secured.stop(0);
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().add("Location", to);
        answer(exchange, 302, new byte[0]);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String url(HttpServer server, String path) {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return scheme + "://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static String fetch(String url) {
        return new String(CatalogFetch.fetch(url, CERTIFICATES::client, Proxies.NONE, Resolver.SYSTEM), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/catalog", "/moved", "/stronger"})
    void fetches_and_follows(String path) {
        assertThat(fetch(url(secured, path))).isEqualTo("catalog");
        assertThat(fetch(url(plain, path))).isEqualTo("catalog");
    }

    @ParameterizedTest
    @CsvSource({"/none, HTTP 404", "/long, fetch-too-long", "/round, fetch-redirect", "/weaker, fetch-redirect"})
    void says_why_it_fetched_nothing(String path, String reason) {
        Fault fault = catchThrowableOfType(Fault.class, () -> fetch(url(secured, path)));

        assertThat(fault.code()).isEqualTo(FaultCode.CANNOT_FETCH);
        assertThat(fault.arguments()).containsExactly(url(secured, path), reason);
    }

    @Test
    void believes_no_certificate_that_is_not_good() {
        try (FakeRegistry expired = FakeRegistry.serving(FakeImage.node(), CERTIFICATES.server("expired"))) {
            Fault fault = catchThrowableOfType(Fault.class, () -> fetch(expired.url()));

            assertThat(fault.arguments()).contains("certificate-expired");
        }
    }

    /** Each byte of a record of TLS would give a socket its whole time again. */
    @Test
    @Timeout(60)
    void ends_with_its_time_though_bytes_keep_coming() {
        Misbehaviour trickles = Misbehaviour.drips("\u0016\u0003\u0003@\u0000", "x", 20);
        try (FakeRegistry slow = FakeRegistry.serving(FakeImage.node(), CERTIFICATES.server("good"))
                .with(trickles, FakeRegistry.At.ACCEPT)) {
            Fault fault = catchThrowableOfType(
                    Fault.class,
                    () -> CatalogFetch.fetch(
                            slow.url(), CERTIFICATES::client, Proxies.NONE, Resolver.SYSTEM, Duration.ofMillis(500)));

            assertThat(fault.arguments()).containsExactly(slow.url(), "fetch-timeout");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://8.8.8.8/catalog", "ftp://a.example/", "https://u:p@a.example/", "https://", "x"})
    void takes_no_address_that_is_neither_https_nor_inside(String url) {
        Fault fault = catchThrowableOfType(Fault.class, () -> fetch(url));

        assertThat(fault.code()).isEqualTo(FaultCode.FETCH_ADDRESS);
        assertThat(fault.arguments().get(0)).doesNotContain("u:p");
    }
}
