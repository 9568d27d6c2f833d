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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * The connections of one walk: one to each origin, kept open for the next request. The phases of the first one to the mirror
 * are measured, with {@link Reach} as the fence against being sent into this network. {@link #close}, and the answers
 * about what was measured, are for any thread, all else belongs to the walk's own.
 */
final class Connections implements Closeable {
    private final Origin mirror;
    private final Allowance allowance;
    private final Journal journal;
    private final Transport transport;

    private final Map<Origin, Connection> connections = new HashMap<>();
    /** Those who closed a connection that they had promised to keep. */
    private final Set<Origin> fickle = new HashSet<>();

    private final Set<Closeable> sockets = new HashSet<>();
    private boolean isFenced;
    /** Whether the first connection to the mirror itself was made, with its TLS handshake. */
    private boolean connected;

    private boolean closed;
    /** Where the first connection to the mirror itself led; empty before, and where a proxy makes it. */
    private Optional<InetAddress> address = Optional.empty();

    private volatile boolean inside;
    /** Whether somebody's certificate was believed for what the engine is told of that registry alone. */
    private boolean ofRegistry;

    private volatile Step step = Step.DNS;
    private volatile Optional<Duration> dns = Optional.empty();
    private volatile Optional<Duration> connect = Optional.empty();
    private volatile Optional<Duration> handshake = Optional.empty();
    private volatile Optional<Duration> setUp = Optional.empty();
    private volatile Optional<Duration> roundTrip = Optional.empty();
    private volatile Optional<Reason> awaited = Optional.empty();

    Connections(Origin mirror, Allowance allowance, Journal journal, Transport transport) {
        this.mirror = mirror;
        this.allowance = allowance;
        this.journal = journal;
        this.transport = transport;
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

    /** @param firstByte of the warm requests */
    Latency latency(Optional<Duration> firstByte) {
        return new Latency(dns, connect, handshake, firstByte);
    }

    /**
     * The first round trip to the mirror. A tunnel's is the one that asked for it, since that went the whole way, and the
     * handshake with the proxy only a part of it.
     */
    Optional<Duration> roundTrip() {
        return roundTrip;
    }

    /** Whether somebody proved who they are by a certificate that only the classic store believes. */
    boolean needClassicStore() {
        return ofRegistry;
    }

    /** What it means if the time is up now, where a proxy is being waited for, or a storage that does not open. */
    Optional<Reason> awaited() {
        return awaited;
    }

    /** The least time that a connection to the mirror took to be ready: TCP, and TLS where it is spoken. */
    Optional<Duration> setUp() {
        return setUp;
    }

    /** The proxy that reads what is sent to the mirror, and may answer in its place; empty where none does. */
    Optional<Proxy> forwarder() {
        return mirror.isTls()
                ? Optional.empty()
                : transport.proxies().serving(mirror).filter(Proxy::forwards);
    }

    /** The open connection to an origin that takes another request; empty where one must be opened. */
    Optional<Connection> existing(Origin origin) throws IOException {
        Connection connection = connections.get(origin);
        if (connection != null && (fickle.contains(origin) || !connection.isReusable())) {
            forget(connection);
            return Optional.empty();
        }
        return Optional.ofNullable(connection);
    }

    void forget(Connection connection) throws IOException {
        connections.remove(connection.origin());
        connection.close();
    }

    /** For one that was closed although it was to be kept open: the next ones to its origin serve one request each. */
    void distrust(Connection connection) throws IOException {
        fickle.add(connection.origin());
        forget(connection);
    }

    /**
     * A socket on which an origin is spoken to, before TLS with it, and the TCP socket below.
     *
     * @param took without the resolution of names
     */
    private record Opened(Socket socket, TimedSocket raw, Optional<Proxy> proxy, Duration took) {

        /** The proxy that reads the requests; empty where it only passes on what it cannot read. */
        Optional<Proxy> forwarder(Origin origin) {
            return proxy.filter(via -> via.forwards() && !origin.isTls());
        }
    }

    /** Opens the connection to an origin, through a proxy where one serves it. */
    Connection open(Origin origin) throws IOException {
        Connection connection = openBeside(origin);
        connections.put(origin, connection);
        return connection;
    }

    /** Opens a further connection, which is the caller's to use and to close. */
    Connection openBeside(Origin origin) throws IOException {
        boolean first = origin.equals(mirror) && !connected;
        Optional<Proxy> proxy = transport.proxies().serving(origin);
        journal.opens(origin, proxy);
        Opened opened = proxy.isPresent() ? openThrough(proxy.get(), origin, first) : openDirectly(origin, first);
        if (first) {
            step = Step.TLS;
        }
        Socket socket = opened.socket();
        Duration took = opened.took();
        if (origin.isTls()) {
            Handshakes.Secured secured = handshake(opened, origin, first);
            socket = secured.socket();
            took = took.plus(secured.took());
        }
        if (origin.equals(mirror)) {
            noteSetUp(took);
        }
        Connection connection = new Connection(socket, opened.raw(), origin, opened.forwarder(origin), allowance);
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
            dialed = new Dialer(allowance.deadline(), this::remember).dial(addresses, origin.port());
            awaited = Optional.empty();
        } catch (IOException e) {
            throw first ? Dialer.explain(e) : e;
        }
        journal.connected(dialed.socket().getInetAddress(), dialed.connect());
        if (first) {
            address = Optional.of(dialed.socket().getInetAddress());
            connect = Optional.of(dialed.connect());
            roundTrip = connect;
            isFenced = !transport.isInside().test(dialed.socket().getInetAddress());
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
        ProxyDialer dialer = new ProxyDialer(proxy, mirror, transport, allowance, this::remember);
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
        ofRegistry |= way.isOfRegistry();
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
            addresses = addresses(origin);
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
            inside = Arrays.stream(addresses).allMatch(transport.isInside());
        }
        List<InetAddress> allowed = new ArrayList<>();
        for (InetAddress address : addresses) {
            if (first || !isFenced || !transport.isInside().test(address)) {
                allowed.add(address);
            }
        }
        if (allowed.isEmpty()) {
            throw new InwardException(origin.authority());
        }
        return allowed.toArray(new InetAddress[0]);
    }

    /** @throws UnknownHostException where there are none */
    InetAddress[] addresses(Origin origin) throws IOException {
        return transport.resolver().resolve(origin.host(), allowance.deadline(), this::remember);
    }

    /** A public mirror pointed to an address inside this network. */
    static final class InwardException extends IOException {
        private static final long serialVersionUID = 1L;

        InwardException(String authority) {
            super(authority);
        }
    }

    private Handshakes.Secured handshake(Opened opened, Origin origin, boolean first) throws IOException {
        try {
            Handshakes.Secured secured = transport
                    .handshakes()
                    .with(mirror, opened.socket(), opened.raw(), origin.host(), origin.port(), allowance);
            ofRegistry |= secured.isOfRegistry();
            journal.secured(secured.took(), secured.socket().getSession().getProtocol());
            if (first) {
                handshake = Optional.of(secured.took());
            }
            return secured;
        } catch (IOException e) {
            opened.raw().close();
            if (first) {
                throw TlsFailure.explain(e, opened.proxy());
            }
            // What a token service fails at is told by who asks it.
            boolean isRedirected = step != Step.TOKEN && !origin.equals(mirror) && e instanceof SSLException;
            throw isRedirected
                    ? new WalkException(step, Verdict.TLS_FAILED, Reason.of("redirect-tls", origin.authority()), e)
                    : e;
        }
    }

    /**
     * Connects to the mirror once more, without sending anything, and keeps the lesser time: the first connections of all
     * mirrors were made at once, and waited for a processor. A second one that fails, or would be the slower one, is of no
     * account.
     *
     * @return the second time; empty where there is none, as through a proxy
     */
    Optional<Duration> connectAgain() {
        if (address.isEmpty() || connect.isEmpty()) {
            return Optional.empty();
        }
        Duration first = connect.get();
        try {
            Dialer.Dialed dialed = new Dialer(
                            Deadline.after(first.plusMillis(1)).orSooner(allowance.deadline()), this::remember)
                    .dial(new InetAddress[] {address.get()}, mirror.port());
            dialed.socket().close();
            if (dialed.connect().compareTo(first) < 0) {
                connect = Optional.of(dialed.connect());
                roundTrip = connect;
            }
            return Optional.of(dialed.connect());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void remember(Closeable socket) {
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
        List<Closeable> open;
        synchronized (this) {
            open = List.copyOf(sockets);
            sockets.clear();
        }
        connections.clear();
        open.forEach(Connections::closeQuietly);
    }

    @Override
    public void close() {
        List<Closeable> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(sockets);
        }
        open.forEach(Connections::closeQuietly);
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closing is all we wanted of it.
        }
    }
}
