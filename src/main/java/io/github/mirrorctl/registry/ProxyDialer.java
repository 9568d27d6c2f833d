package io.github.mirrorctl.registry;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * Opens a way to an origin through a proxy: a tunnel by CONNECT or SOCKS 5, or for plain http a connection on which an HTTP
 * proxy forwards. What the proxy does wrong is told apart from what it says of the origin.
 */
final class ProxyDialer {
    private static final int SOCKS_DENIED = 2;
    private static final int SOCKS_CONNECTION_REFUSED = 5;

    private final Proxy proxy;
    private final Origin registry;
    private final Transport transport;
    private final Allowance allowance;
    private final Consumer<Closeable> opened;

    /**
     * @param registry on whose behalf
     * @param allowance its deadline is the one that holds at the moment; the bytes of HTTP proxies' answers are counted
     * @param opened is told of every socket before it connects, so that it can be closed at any time
     */
    ProxyDialer(Proxy proxy, Origin registry, Transport transport, Allowance allowance, Consumer<Closeable> opened) {
        this.proxy = proxy;
        this.registry = registry;
        this.transport = transport;
        this.allowance = allowance;
        this.opened = opened;
    }

    /**
     * A way to an origin.
     *
     * @param socket on which the origin is spoken to, or the proxy that forwards
     * @param raw the TCP socket below it
     * @param dns the resolution of the proxy's name
     * @param connect the TCP handshake with the proxy, and TLS where it speaks that
     * @param tunnel from asking for the tunnel to having it, in which the proxy resolves the origin's name and connects to
     *     it; empty where it forwards
     * @param isOfRegistry of TLS with the proxy, as of {@link Handshakes.Secured}
     */
    record Way(
            Socket socket,
            TimedSocket raw,
            Duration dns,
            Duration connect,
            Optional<Duration> tunnel,
            boolean isOfRegistry) {

        /** From the first packet to the proxy to a way to the origin. */
        Duration whole() {
            return connect.plus(tunnel.orElse(Duration.ZERO));
        }
    }

    /** Told what is being waited for, and what it means if that does not come in time. */
    interface Watch {
        void awaiting(Step step, Reason ifLate);
    }

    /** The proxy did not give the way. Says what that means; which step of a walk it ends depends on what it was for. */
    static final class NoWayException extends IOException {
        private static final long serialVersionUID = 1L;

        private final Step step;
        private final Verdict verdict;
        private final transient Reason reason;
        private final int httpStatus;

        NoWayException(Step step, Verdict verdict, Reason reason, int httpStatus) {
            super(reason.code());
            this.step = step;
            this.verdict = verdict;
            this.reason = reason;
            this.httpStatus = httpStatus;
        }

        private NoWayException causedBy(Throwable cause) {
            initCause(cause);
            return this;
        }

        /** The same as the end of a walk, at that step where it was no way to the mirror itself that was wanted. */
        WalkException ending(Optional<Step> later) {
            return new WalkException(later.orElse(step), verdict, reason, httpStatus);
        }
    }

    /** @throws SocketTimeoutException at the deadline */
    Way open(Origin origin, Watch watch) throws IOException {
        watch.awaiting(Step.DNS, broken("proxy-timeout"));
        long start = System.nanoTime();
        InetAddress[] addresses = resolve();
        Duration dns = Duration.ofNanos(System.nanoTime() - start);
        watch.awaiting(Step.CONNECT, broken("proxy-timeout"));
        Dialer.Dialed dialed = dial(addresses);
        try {
            Socket socket = dialed.socket();
            Duration connect = dialed.connect();
            boolean isOfRegistry = false;
            if (proxy.isTls()) {
                Handshakes.Secured secured = secured(dialed.socket());
                socket = secured.socket();
                connect = connect.plus(secured.took());
                isOfRegistry = secured.isOfRegistry();
            }
            boolean isForwarded = proxy.forwards() && !origin.isTls();
            if (isForwarded) {
                return new Way(socket, dialed.socket(), dns, connect, Optional.empty(), isOfRegistry);
            }
            Reason late = Reason.of("proxy-slow", proxy.authority(), origin.hostAndPort());
            watch.awaiting(Step.CONNECT, late);
            long asked = System.nanoTime();
            tunnel(socket, dialed.socket(), origin);
            Duration tunnel = Duration.ofNanos(System.nanoTime() - asked);
            return new Way(socket, dialed.socket(), dns, connect, Optional.of(tunnel), isOfRegistry);
        } catch (IOException e) {
            dialed.socket().close();
            throw e;
        }
    }

    /** What is wrong with the proxy itself, so that it says nothing of any mirror. */
    static Reason broken(Proxy proxy, String cause) {
        return Reason.of(ProbeResult.PROXY_FAILED, proxy.authority(), cause);
    }

    private Reason broken(String cause) {
        return broken(proxy, cause);
    }

    private NoWayException noWay(Verdict verdict, String cause) {
        return new NoWayException(Step.CONNECT, verdict, broken(cause), 0);
    }

    private InetAddress[] resolve() throws IOException {
        try {
            return transport.resolver().resolve(proxy.host(), allowance.deadline(), opened);
        } catch (UnknownHostException e) {
            throw new NoWayException(Step.DNS, Verdict.UNKNOWN_HOST, broken("proxy-unknown-host"), 0).causedBy(e);
        }
    }

    private Dialer.Dialed dial(InetAddress[] addresses) throws IOException {
        try {
            return new Dialer(allowance.deadline(), opened).dial(addresses, proxy.port());
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (NoRouteToHostException e) {
            throw noWay(Verdict.UNREACHABLE, "proxy-no-route").causedBy(e);
        } catch (ConnectException e) {
            throw noWay(Verdict.REFUSED, "proxy-refused").causedBy(e);
        } catch (IOException e) {
            throw noWay(Verdict.UNREACHABLE, "proxy-no-route").causedBy(e);
        }
    }

    private Handshakes.Secured secured(TimedSocket raw) throws IOException {
        try {
            return transport.handshakes().with(registry, raw, raw, proxy.host(), proxy.port(), allowance);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (SSLException | EOFException | SocketException e) {
            throw new NoWayException(Step.TLS, Verdict.TLS_FAILED, broken("proxy-tls"), 0).causedBy(e);
        }
    }

    private void tunnel(Socket socket, TimedSocket raw, Origin origin) throws IOException {
        try {
            if (proxy.forwards()) {
                connect(socket, raw, origin);
            } else {
                socks(socket, origin);
            }
        } catch (Connection.ProtocolException e) {
            throw noWay(Verdict.UNREACHABLE, proxy.forwards() ? "proxy-not-http" : "proxy-not-socks")
                    .causedBy(e);
        } catch (Connection.NoAnswerException | EOFException | SocketException e) {
            throw noWay(Verdict.UNREACHABLE, "proxy-closed").causedBy(e);
        }
    }

    private void connect(Socket socket, TimedSocket raw, Origin origin) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", Session.USER_AGENT);
        proxy.login().ifPresent(login -> headers.put("Proxy-Authorization", login.basic()));
        // Closed with the tunnel, whose socket it is.
        @SuppressWarnings("resource")
        Connection toProxy = new Connection(socket, raw, origin, Optional.empty(), allowance);
        Response answer = toProxy.connect(origin.hostAndPort(), headers);
        int status = answer.status();
        if (status == 407) {
            throw new NoWayException(Step.CONNECT, Verdict.LOGIN_REQUIRED, wantsLogin(proxy, answer), status);
        }
        if (!answer.isSuccess()) {
            boolean isForbidden = status == 403 || status == 451;
            Reason reason = Reason.of(
                    isForbidden ? ProbeResult.PROXY_DENIES : ProbeResult.PROXY_HAS_NO_WAY,
                    proxy.authority(),
                    origin.hostAndPort(),
                    "HTTP " + status);
            throw new NoWayException(Step.CONNECT, isForbidden ? Verdict.DENIED : Verdict.UNREACHABLE, reason, status);
        }
    }

    /** What an answer of 407 means, of a proxy that may have been given a login. */
    static Reason wantsLogin(Proxy proxy, Response answer) {
        boolean takesBasic = answer.headers("proxy-authenticate").isEmpty()
                || answer.headers("proxy-authenticate").stream()
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("basic"));
        String cause = !takesBasic
                ? "proxy-login-not-basic"
                : proxy.login().isPresent() ? "proxy-login-refused" : "proxy-login";
        return broken(proxy, cause);
    }

    private void socks(Socket socket, Origin origin) throws IOException {
        Socks5 socks = new Socks5(socket, allowance::deadline);
        if (!socks.login(proxy.login())) {
            String cause = proxy.login().isPresent() ? "proxy-login-refused" : "proxy-login";
            throw noWay(Verdict.LOGIN_REQUIRED, cause);
        }
        int reply = socks.connect(origin.host(), origin.port());
        if (reply != 0) {
            Verdict verdict =
                    switch (reply) {
                        case SOCKS_DENIED -> Verdict.DENIED;
                        case SOCKS_CONNECTION_REFUSED -> Verdict.REFUSED;
                        default -> Verdict.UNREACHABLE;
                    };
            String code = reply == SOCKS_DENIED ? ProbeResult.PROXY_DENIES : ProbeResult.PROXY_HAS_NO_WAY;
            Reason reason = Reason.of(code, proxy.authority(), origin.hostAndPort(), "SOCKS " + reply);
            throw new NoWayException(Step.CONNECT, verdict, reason, 0);
        }
    }
}
