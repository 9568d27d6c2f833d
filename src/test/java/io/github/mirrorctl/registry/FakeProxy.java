package io.github.mirrorctl.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * A proxy on a loopback port, for HTTP or SOCKS 5, that takes every name for this machine's and misbehaves where it is told
 * to. It records what it was asked.
 */
final class FakeProxy implements AutoCloseable {
    private static final int SOCKS_REFUSED = 5;

    private final Listener listener;
    private final boolean isSocks;
    private final Optional<SSLContext> tls;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> logins = new CopyOnWriteArrayList<>();
    private volatile Optional<byte[]> greeting = Optional.empty();
    private volatile Optional<byte[]> answer = Optional.empty();
    private volatile boolean hangs;
    private volatile boolean hangsOnceAsked;
    private volatile Duration pause = Duration.ZERO;
    private volatile Optional<Proxy.Login> wanted = Optional.empty();

    private FakeProxy(boolean isSocks, Optional<SSLContext> tls) {
        this.isSocks = isSocks;
        this.tls = tls;
        this.listener =
                Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "fake-proxy", this::serve);
    }

    static FakeProxy http() {
        return new FakeProxy(false, Optional.empty());
    }

    /** The same over TLS. */
    static FakeProxy https(SSLContext tls) {
        return new FakeProxy(false, Optional.of(tls));
    }

    static FakeProxy socks() {
        return new FakeProxy(true, Optional.empty());
    }

    /** Says this to everybody who connects, before anything was read, and hangs up. */
    FakeProxy greetingWith(byte... bytes) {
        greeting = Optional.of(bytes.clone());
        return this;
    }

    /** Answers whatever it is asked for with this, and hangs up. */
    FakeProxy answering(String text) {
        answer = Optional.of(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** As an HTTP proxy answers with a page. */
    FakeProxy answering(int status, String... headers) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return answering(text + "Content-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>");
    }

    /** Answers a request for a connection with this code. */
    FakeProxy replying(int socksCode) {
        answer = Optional.of(new byte[] {5, (byte) socksCode, 0, 1, 0, 0, 0, 0, 0, 0});
        return this;
    }

    /** Takes connections and says nothing. */
    FakeProxy hanging() {
        hangs = true;
        return this;
    }

    /** Says nothing any more when it is asked for somebody. */
    FakeProxy hangingOnceAsked() {
        hangsOnceAsked = true;
        return this;
    }

    /** Takes so long to open a tunnel, as if whom it leads to were far. */
    FakeProxy answeringAfter(Duration longer) {
        pause = longer;
        return this;
    }

    FakeProxy wanting(String user, String password) {
        wanted = Optional.of(new Proxy.Login(user, password));
        return this;
    }

    String authority() {
        return "127.0.0.1:" + listener.address().getPort();
    }

    /** Its URL, with a login where one is given. */
    String url(String login) {
        String scheme = isSocks ? "socks5" : tls.isPresent() ? "https" : "http";
        return scheme + "://" + login + authority();
    }

    Proxies forAll() {
        return Proxies.all(Proxy.parse(url("")).orElseThrow());
    }

    Proxies forAll(String login) {
        return Proxies.all(Proxy.parse(url(login + "@")).orElseThrow());
    }

    /** The request lines, or {@code SOCKS host:port}. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** What it was sent as logins: the header's value, or {@code user:password}. */
    List<String> logins() {
        return List.copyOf(logins);
    }

    FakeProxy refusing() {
        listener.refuse();
        return this;
    }

    boolean isLeftAlone() throws InterruptedException {
        return listener.isLeftAlone();
    }

    @Override
    public void close() {
        listener.close();
    }

    private void serve(Socket raw) throws IOException {
        if (greeting.isPresent()) {
            raw.getOutputStream().write(greeting.get());
            return;
        }
        if (hangs) {
            Listener.hang(raw);
            return;
        }
        Socket socket = tls.isPresent() ? Listener.secured(raw, tls.get(), parameters -> {}) : raw;
        if (isSocks) {
            serveSocks(socket);
        } else {
            serveHttp(socket);
        }
    }

    // ---- HTTP ----

    private void serveHttp(Socket client) throws IOException {
        Optional<Socket> forwardedTo = Optional.empty();
        try {
            for (List<String> head = readHead(client); !head.isEmpty(); head = readHead(client)) {
                asked.add(head.get(0).replace(" HTTP/1.1", ""));
                Optional<String> login = header(head, "proxy-authorization");
                login.ifPresent(logins::add);
                if (wanted.isPresent() && !login.equals(wanted.map(Proxy.Login::basic))) {
                    write(
                            client,
                            "HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
                    continue;
                }
                if (hangsOnceAsked) {
                    Listener.hang(client);
                    return;
                }
                if (answer.isPresent()) {
                    client.getOutputStream().write(answer.get());
                    return;
                }
                String target = head.get(0).split(" ", 3)[1];
                if (head.get(0).startsWith("CONNECT ")) {
                    try (Socket upstream = connected(target)) {
                        LockSupport.parkNanos(pause.toNanos());
                        write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
                        relay(client, upstream);
                    }
                    return;
                }
                if (forwardedTo.isEmpty()) {
                    Socket upstream = connected(target.split("/", 4)[2]);
                    forwardedTo = Optional.of(upstream);
                    listener.spawn(() -> pump(upstream, client));
                }
                write(forwardedTo.get(), forwarded(head));
            }
        } catch (java.net.ConnectException e) {
            write(client, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        } finally {
            forwardedTo.ifPresent(listener::drop);
        }
    }

    private static String forwarded(List<String> head) {
        List<String> lines = new ArrayList<>(head);
        lines.removeIf(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("proxy-authorization:"));
        String[] words = head.get(0).split(" ", 3);
        lines.set(0, words[0] + " /" + words[1].split("/", 4)[3] + " HTTP/1.1");
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static Optional<String> header(List<String> head, String name) {
        return head.stream()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    /** The lines of a request's head; none where the client has gone. */
    private static List<String> readHead(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                return List.of();
            }
            head.append((char) c);
        }
        return head.toString().strip().lines().toList();
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    // ---- SOCKS ----

    private void serveSocks(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = client.getOutputStream();
        in.read();
        byte[] methods = in.readNBytes(in.read());
        int method = wanted.isEmpty() ? 0 : new String(methods, StandardCharsets.ISO_8859_1).indexOf(2) >= 0 ? 2 : 0xff;
        out.write(new byte[] {5, (byte) method});
        if (method == 2 && !isLoggedIn(in, out)) {
            return;
        }
        String target = readTarget(in);
        asked.add("SOCKS " + target);
        if (hangsOnceAsked) {
            Listener.hang(client);
        } else if (answer.isPresent()) {
            out.write(answer.get());
        } else {
            try (Socket upstream = connected(target)) {
                out.write(new byte[] {5, 0, 0, 3, 1, 'x', 0, 0});
                relay(client, upstream);
            } catch (java.net.ConnectException e) {
                out.write(new byte[] {5, SOCKS_REFUSED, 0, 1, 0, 0, 0, 0, 0, 0});
            }
        }
    }

    private boolean isLoggedIn(InputStream in, OutputStream out) throws IOException {
        in.read();
        String user = new String(in.readNBytes(in.read()), StandardCharsets.UTF_8);
        String password = new String(in.readNBytes(in.read()), StandardCharsets.UTF_8);
        logins.add(user + ":" + password);
        boolean isRight = wanted.equals(Optional.of(new Proxy.Login(user, password)));
        out.write(new byte[] {1, (byte) (isRight ? 0 : 1)});
        return isRight;
    }

    private static String readTarget(InputStream in) throws IOException {
        in.readNBytes(3);
        String host =
                switch (in.read()) {
                    case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
                    case 3 -> new String(in.readNBytes(in.read()), StandardCharsets.US_ASCII);
                    default -> "[" + InetAddress.getByAddress(in.readNBytes(16)).getHostAddress() + "]";
                };
        return host + ":" + (in.read() << 8 | in.read());
    }

    // ---- both ----

    /** Whoever is asked for is this machine, at the port that was named. */
    private Socket connected(String hostAndPort) throws IOException {
        int port = Integer.parseInt(hostAndPort.substring(hostAndPort.lastIndexOf(':') + 1));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        listener.keep(socket);
        return socket;
    }

    private void relay(Socket client, Socket upstream) {
        listener.spawn(() -> pump(upstream, client));
        pump(client, upstream);
    }

    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side may go away.
        } finally {
            listener.drop(from);
            listener.drop(to);
        }
    }
}
