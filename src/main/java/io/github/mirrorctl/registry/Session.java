package io.github.mirrorctl.registry;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one walk: one to each origin, kept open for the next request, all bounded by one deadline and
 * closed at once by {@link #close}. That and the answers about what was measured may be asked from any thread, all
 * else belongs to the walk's own. It measures the phases of the first connection, follows
 * where a registry points with {@link Reach} as the fence, and counts what was sent and received.
 */
final class Session implements Closeable {
    private static final int MOST_REDIRECTS = 5;
    /** What is left of the bytes for a head before a body. */
    private static final int HEAD_BYTES = 8 * 1024;

    /** Mirrors filter on the engine's own name, so ours comes behind it. */
    static final String USER_AGENT = "docker/28.5.2 (mirrorctl; +https://github.com/mirrorctl/mirrorctl)";

    private final Origin mirror;
    private final Journal journal;
    private final Supplier<SSLSocketFactory> tls;
    private final Proxies proxies;
    private final Map<Origin, Connection> connections = new HashMap<>();
    /** Those who closed a connection that they had promised to keep. */
    private final Set<Origin> fickle = new HashSet<>();

    private final Set<Socket> sockets = new HashSet<>();
    /** Who said when to come back, which is not within this run. */
    private final Map<Origin, WalkException> waiting = new HashMap<>();

    private final Predicate<InetAddress> isInside;
    private boolean isFenced;
    private boolean connected;
    private boolean closed;

    private volatile Deadline deadline;
    private volatile int mostRequests;
    private volatile long mostBytes;
    private volatile boolean inside;
    private volatile Step step = Step.DNS;
    private volatile Optional<Duration> dns = Optional.empty();
    private volatile Optional<Duration> connect = Optional.empty();
    private volatile Optional<Duration> handshake = Optional.empty();
    private volatile Optional<Duration> firstByte = Optional.empty();
    private volatile Optional<Duration> setUp = Optional.empty();
    private volatile Optional<Duration> roundTrip = Optional.empty();
    private volatile Optional<Reason> awaited = Optional.empty();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();

    /**
     * @param mostRequests to anyone, redirects and tokens included
     * @param mostBytes from anyone, heads and bodies
     * @param isInside whether an address is one where a mirror on the Internet must not send us
     */
    Session(
            Origin mirror,
            Deadline deadline,
            int mostRequests,
            long mostBytes,
            Supplier<SSLSocketFactory> tls,
            Proxies proxies,
            Journal journal,
            Predicate<InetAddress> isInside) {
        this.mirror = mirror;
        this.deadline = deadline;
        this.mostRequests = mostRequests;
        this.mostBytes = mostBytes;
        this.tls = tls;
        this.proxies = proxies;
        this.journal = journal;
        this.isInside = isInside;
    }

    /** Gives more time, from now on, further requests and further bytes. */
    void extend(Deadline longer, int furtherRequests, long furtherBytes) {
        mostRequests = requests.get() + furtherRequests;
        mostBytes = received.get() + furtherBytes;
        deadline = longer;
    }

    /** Takes time away: what follows is not worth waiting for as long as there would be time. */
    void hurry(Duration most) {
        Deadline sooner = Deadline.after(most);
        deadline = sooner.remainingNanos() < deadline.remainingNanos() ? sooner : deadline;
    }

    Journal journal() {
        return journal;
    }

    /** The step that the walk is at, for whoever ends it from outside. */
    Step step() {
        return step;
    }

    void enter(Step entered) {
        step = entered;
    }

    /** Whether the mirror's name leads to this machine or this network. */
    boolean isInside() {
        return inside;
    }

    Latency latency() {
        return new Latency(dns, connect, handshake, firstByte);
    }

    int requests() {
        return requests.get();
    }

    int requestsLeft() {
        return mostRequests - requests.get();
    }

    long bytesLeft() {
        return mostBytes - received.get();
    }

    /**
     * The first round trip to the mirror. A tunnel's is the one that asked for it, since that went the whole way, and the
     * handshake with the proxy only a part of it.
     */
    Optional<Duration> roundTrip() {
        return roundTrip;
    }

    /** What it means if the time is up now, where a proxy is being waited for, or a storage that does not open. */
    Optional<Reason> awaited() {
        return awaited;
    }

    /** The least time that a connection to the mirror took to be ready: TCP, and TLS where it is spoken. */
    Optional<Duration> setUp() {
        return setUp;
    }

    long bytesReceived() {
        return received.get();
    }

    Deadline deadline() {
        return deadline;
    }

    /** Keeps the least time to first byte of the requests that may be compared between mirrors. */
    void measured(Response response) {
        Duration sample = response.firstByte();
        if (firstByte.isEmpty() || sample.compareTo(firstByte.get()) < 0) {
            firstByte = Optional.of(sample);
        }
    }

    /** Sends one request. Where a connection that was kept open is closed by now, or out of step, a new one is opened. */
    Response send(String method, Origin.Target target, Map<String, String> headers, int longestBody)
            throws IOException {
        return send(method, target, headers, longestBody, Optional.empty());
    }

    /** The same with a body that is not held. */
    Response send(
            String method,
            Origin.Target target,
            Map<String, String> headers,
            int longestBody,
            Optional<? extends Connection.Sink> onSuccess)
            throws IOException {
        WalkException wait = waiting.get(target.origin());
        if (wait != null) {
            throw wait;
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put("User-Agent", USER_AGENT);
        all.put("Accept-Encoding", "identity");
        all.putAll(headers);
        Connection connection = existing(target.origin());
        if (connection != null) {
            try {
                return exchange(connection, method, target, all, longestBody, onSuccess);
            } catch (Connection.NoAnswerException e) {
                fickle.add(target.origin());
                forget(connection);
            } catch (Connection.ProtocolException e) {
                forget(connection);
                if (onSuccess.isPresent()) {
                    throw e;
                }
            }
        }
        return exchange(null, method, target, all, longestBody, onSuccess);
    }

    /** @param open null where a connection is to be opened */
    private Response exchange(
            @Nullable Connection open,
            String method,
            Origin.Target target,
            Map<String, String> headers,
            int longestBody,
            Optional<? extends Connection.Sink> onSuccess)
            throws IOException {
        if (requestsLeft() <= 0) {
            throw new SpentException("too-many-requests", mostRequests);
        }
        if (bytesLeft() <= 0) {
            throw new SpentException("too-many-bytes", mostBytes);
        }
        long before = received.get();
        journal.asks(step.compareTo(Step.PING) < 0 ? Step.PING : step, method, target);
        try {
            Connection connection = open == null ? open(target.origin()) : open;
            requests.incrementAndGet();
            int longest = (int) Math.min(longestBody, Math.max(1, bytesLeft() - HEAD_BYTES));
            Response response = connection.exchange(method, target.path(), headers, longest, onSuccess);
            journal.answered(response, received.get() - before);
            return heeded(target.origin(), answered(connection, response));
        } finally {
            journal.ended(received.get() - before);
        }
    }

    /** One that says when to come back is asked nothing more. */
    private Response heeded(Origin origin, Response response) throws WalkException {
        Optional<String> retryAfter = response.retryAfter();
        if (retryAfter.isEmpty()) {
            return response;
        }
        WalkException wait = response.status() == 429
                ? new WalkException(step, Verdict.RATE_LIMITED, Reason.of("rate-limited-until", retryAfter.get()), 429)
                : new WalkException(step, Verdict.SERVER_ERROR, Reason.of("unavailable-until", retryAfter.get()), 503);
        waiting.put(origin, wait);
        throw wait;
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

    /** An answer of the mirror's: of a proxy that forwards, only 407 is told for certain to be its own. */
    private Response answered(Connection connection, Response response) throws WalkException {
        Optional<Proxy> forwarder = connection.forwarder().filter(proxy -> response.status() == 407);
        if (forwarder.isPresent()) {
            Reason reason = ProxyDialer.wantsLogin(forwarder.get(), response);
            throw new WalkException(step, Verdict.LOGIN_REQUIRED, reason, response.status());
        }
        return response;
    }

    /** The proxy that reads what is sent to the mirror, and may answer in its place; empty where none does. */
    Optional<Proxy> forwarder() {
        return mirror.isTls() ? Optional.empty() : proxies.serving(mirror).filter(Proxy::forwards);
    }

    /** What to send to each origin that a request is led to. */
    interface Headers {
        Map<String, String> to(Origin origin) throws IOException;
    }

    /**
     * Goes where an answer leads, by hand, since what is sent depends on who receives it.
     *
     * @throws WalkException where it leads nowhere
     */
    Response follow(String method, Origin.Target from, Headers headers, int longestBody, Response first)
            throws IOException {
        return follow(method, from, headers, longestBody, Optional.empty(), first);
    }

    Response follow(
            String method,
            Origin.Target from,
            Headers headers,
            int longestBody,
            Optional<? extends Connection.Sink> onSuccess,
            Response first)
            throws IOException {
        Origin.Target target = from;
        Response response = first;
        for (int redirects = 0; response.isRedirect(); redirects++) {
            String location = response.header("location").orElse("");
            Optional<Origin.Target> next = target.resolve(location);
            if (next.isEmpty() || redirects == MOST_REDIRECTS) {
                Reason reason = next.isEmpty()
                        ? Reason.of("redirects-away", Redaction.of(location))
                        : Reason.of("too-many-redirects", String.valueOf(MOST_REDIRECTS));
                throw new WalkException(step, Verdict.NOT_A_REGISTRY, reason, response.status());
            }
            target = next.get();
            response = send(method, target, headers.to(target.origin()), longestBody, onSuccess);
        }
        return response;
    }

    private @Nullable Connection existing(Origin origin) throws IOException {
        Connection connection = connections.get(origin);
        if (connection != null && (fickle.contains(origin) || !connection.isReusable())) {
            forget(connection);
            return null;
        }
        return connection;
    }

    private void forget(Connection connection) throws IOException {
        connections.remove(connection.origin());
        connection.close();
    }

    /** Whether the first connection to the mirror itself was made, with its TLS handshake. */
    boolean isConnected() {
        return connected;
    }

    /**
     * A socket on which an origin is spoken to, before TLS with it, and the TCP socket below.
     *
     * @param took without the resolution of names
     */
    private record Opened(Socket socket, Socket raw, Optional<Proxy> proxy, Duration took) {

        /** The proxy that reads the requests; empty where it only passes on what it cannot read. */
        Optional<Proxy> forwarder(Origin origin) {
            return proxy.filter(via -> via.forwards() && !origin.isTls());
        }
    }

    private Connection open(Origin origin) throws IOException {
        boolean first = origin.equals(mirror) && !isConnected();
        Optional<Proxy> proxy = proxies.serving(origin);
        journal.opens(origin, proxy);
        Opened opened = proxy.isPresent() ? openThrough(proxy.get(), origin, first) : openDirectly(origin, first);
        if (first) {
            step = Step.TLS;
        }
        // The first to come may have to wait for the authorities to be read, which is nothing of the mirror's.
        Optional<SSLSocketFactory> factory = origin.isTls() ? Optional.of(tls.get()) : Optional.empty();
        long openedAt = System.nanoTime();
        Socket socket = factory.isPresent() ? handshake(factory.get(), opened, origin, first) : opened.socket();
        if (origin.equals(mirror)) {
            noteSetUp(opened.took().plusNanos(System.nanoTime() - openedAt));
        }
        Connection connection = new Connection(
                socket, opened.raw(), origin, opened.forwarder(origin), this::deadline, received, () -> mostBytes);
        connections.put(origin, connection);
        if (first) {
            connected = true;
            step = Step.PING;
        }
        return connection;
    }

    private Opened openDirectly(Origin origin, boolean first) throws IOException {
        InetAddress[] addresses = resolve(origin, first);
        if (first) {
            step = Step.CONNECT;
        }
        boolean isStorage = !origin.equals(mirror) && step == Step.BLOB;
        awaited = isStorage ? Optional.of(Reason.of("storage-timeout", origin.authority())) : Optional.empty();
        Dialer.Dialed dialed;
        try {
            dialed = new Dialer(deadline, this::remember).dial(addresses, origin.port());
            awaited = Optional.empty();
        } catch (IOException e) {
            throw first ? Dialer.explain(e) : e;
        }
        journal.connected(dialed.socket().getInetAddress(), dialed.connect());
        if (first) {
            connect = Optional.of(dialed.connect());
            roundTrip = connect;
            isFenced = !isInside.test(dialed.socket().getInetAddress());
        }
        return new Opened(dialed.socket(), dialed.socket(), Optional.empty(), dialed.connect());
    }

    /** Names are the proxy's to resolve, so that of where one leads only its spelling is known. */
    private Opened openThrough(Proxy proxy, Origin origin, boolean first) throws IOException {
        boolean leadsInside = Reach.mayBeInside(origin.host());
        boolean isInward = leadsInside && isFenced && !origin.equals(mirror);
        if (isInward) {
            throw new InwardException(origin.authority());
        }
        if (first) {
            inside = leadsInside;
            isFenced = !leadsInside;
        }
        ProxyDialer dialer = new ProxyDialer(proxy, tls, this::deadline, this::remember, received, () -> mostBytes);
        ProxyDialer.Way way;
        try {
            way = dialer.open(origin, (entered, ifLate) -> {
                step = first ? entered : step;
                awaited = Optional.of(ifLate);
            });
        } catch (ProxyDialer.NoWayException e) {
            awaited = Optional.empty();
            throw e.ending(first ? Optional.empty() : Optional.of(step));
        }
        awaited = Optional.empty();
        journal.resolved(way.dns(), new InetAddress[] {way.raw().getInetAddress()});
        journal.connected(way.raw().getInetAddress(), way.whole());
        if (first) {
            dns = Optional.of(way.dns());
            connect = Optional.of(way.whole());
            roundTrip = way.tunnel().or(() -> Optional.of(way.connect()));
        }
        return new Opened(way.socket(), way.raw(), Optional.of(proxy), way.whole());
    }

    private void noteSetUp(Duration sample) {
        if (setUp.isEmpty() || sample.compareTo(setUp.get()) < 0) {
            setUp = Optional.of(sample);
        }
    }

    private InetAddress[] resolve(Origin origin, boolean first) throws IOException {
        long start = System.nanoTime();
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(origin.host());
        } catch (UnknownHostException e) {
            if (first) {
                throw new WalkException(Step.DNS, Verdict.UNKNOWN_HOST, Reason.of("unknown-host", origin.host()), e);
            }
            throw new UnknownHostException(origin.host());
        }
        Duration resolution = Duration.ofNanos(System.nanoTime() - start);
        journal.resolved(resolution, addresses);
        if (first) {
            dns = Optional.of(resolution);
            inside = Arrays.stream(addresses).anyMatch(isInside);
        }
        List<InetAddress> allowed = new ArrayList<>();
        for (InetAddress address : addresses) {
            if (first || origin.equals(mirror) || !isFenced || !isInside.test(address)) {
                allowed.add(address);
            }
        }
        if (allowed.isEmpty()) {
            throw new InwardException(origin.authority());
        }
        return allowed.toArray(new InetAddress[0]);
    }

    /** A public mirror pointed to an address inside this network. */
    static final class InwardException extends IOException {
        private static final long serialVersionUID = 1L;

        InwardException(String authority) {
            super(authority);
        }
    }

    private Socket handshake(SSLSocketFactory factory, Opened opened, Origin origin, boolean first) throws IOException {
        long start = System.nanoTime();
        try {
            SSLSocket secured = secured(factory, opened.socket(), origin.host(), origin.port(), deadline);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            journal.secured(took, secured.getSession().getProtocol());
            if (first) {
                handshake = Optional.of(took);
            }
            return secured;
        } catch (IOException e) {
            opened.raw().close();
            throw first ? TlsFailure.explain(e, opened.proxy()) : e;
        }
    }

    /** Speaks TLS over a connection, with a peer that must prove to be that host. */
    static SSLSocket secured(SSLSocketFactory tls, Socket socket, String host, int port, Deadline deadline)
            throws IOException {
        SSLSocket secured = (SSLSocket) tls.createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.setSoTimeout(deadline.remainingMillis());
        secured.startHandshake();
        return secured;
    }

    private void remember(Socket socket) {
        synchronized (this) {
            if (!closed) {
                sockets.add(socket);
                return;
            }
        }
        closeQuietly(socket);
    }

    /** Closes what is open; the next request opens it again. */
    void park() {
        List<Socket> open;
        synchronized (this) {
            open = List.copyOf(sockets);
            sockets.clear();
        }
        connections.clear();
        open.forEach(Session::closeQuietly);
    }

    @Override
    public void close() {
        List<Socket> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(sockets);
        }
        open.forEach(Session::closeQuietly);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closing is all we wanted of it.
        }
    }
}
