package io.github.mirrorctl.registry;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one walk, over its {@link Connections}, within its {@link Allowance}. It follows where a registry points,
 * and asks nobody again who said when to come back. {@link #close} and the answers about what was measured are for any
 * thread, all else belongs to the walk's own.
 */
final class Session implements Closeable {
    private static final int MOST_REDIRECTS = 5;
    /** What is left of the bytes for a head before a body. */
    private static final int HEAD_BYTES = 8 * 1024;

    /** Mirrors filter on the engine's own name, so ours comes behind it. */
    static final String USER_AGENT = "docker/28.5.2 (mirrorctl; +https://github.com/mirrorctl/mirrorctl)";

    private final Origin mirror;
    private final Allowance allowance;
    private final Journal journal;
    private final Connections connections;
    /** Who said when to come back, which is not within this run. */
    private final Map<Origin, WalkException> waiting = new HashMap<>();

    private volatile Optional<Duration> firstByte = Optional.empty();

    Session(Origin mirror, Allowance allowance, Journal journal, Transport transport) {
        this.mirror = mirror;
        this.allowance = allowance;
        this.journal = journal;
        this.connections = new Connections(mirror, allowance, journal, transport);
    }

    Allowance allowance() {
        return allowance;
    }

    Journal journal() {
        return journal;
    }

    Connections connections() {
        return connections;
    }

    Step step() {
        return connections.step();
    }

    void enter(Step entered) {
        connections.enter(entered);
    }

    Latency latency() {
        return connections.latency(firstByte);
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
        requireNoWait(target.origin());
        Optional<Connection> connection = connections.existing(target.origin());
        if (connection.isPresent()) {
            try {
                return exchange(connection, method, target, headers, longestBody, onSuccess);
            } catch (Connection.NoAnswerException e) {
                connections.distrust(connection.get());
            } catch (Connection.ProtocolException e) {
                connections.forget(connection.get());
                if (onSuccess.isPresent()) {
                    throw e;
                }
            }
        }
        return exchange(Optional.empty(), method, target, headers, longestBody, onSuccess);
    }

    private void requireNoWait(Origin origin) throws WalkException {
        WalkException wait = waiting.get(origin);
        if (wait != null) {
            throw wait;
        }
    }

    private static Map<String, String> withOwn(Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("User-Agent", USER_AGENT);
        all.put("Accept-Encoding", "identity");
        all.putAll(headers);
        return all;
    }

    /** @param open empty where a connection is to be opened */
    private Response exchange(
            Optional<Connection> open,
            String method,
            Origin.Target target,
            Map<String, String> headers,
            int longestBody,
            Optional<? extends Connection.Sink> onSuccess)
            throws IOException {
        Asked asked = ask(method, target);
        try {
            asked.over(open.isPresent() ? open.get() : connections.open(target.origin()));
            asked.send(headers);
            return asked.receive(longestBody, onSuccess, Optional.empty());
        } finally {
            asked.end();
        }
    }

    private Asked ask(String method, Origin.Target target) throws IOException {
        allowance.requireRequest();
        allowance.requireBytes();
        return new Asked(method, target);
    }

    /**
     * Gets ready to ask for something over one connection more, so that several answers can come at once. Where this
     * fails, nothing is left open.
     *
     * @param mayShare whether the connection that is open already will do
     * @return what is to be sent, received and ended
     */
    Asked askBeside(Origin.Target target, boolean mayShare) throws IOException {
        requireNoWait(target.origin());
        Optional<Connection> open = mayShare ? connections.existing(target.origin()) : Optional.empty();
        Asked asked = ask("GET", target);
        try {
            asked.isOwn = open.isEmpty();
            asked.over(open.isPresent() ? open.get() : connections.openBeside(target.origin()));
            return asked;
        } catch (IOException e) {
            asked.end();
            throw e;
        }
    }

    /** One request on its way: first {@link #over} which connection, then sent, received and in any case ended. */
    final class Asked {
        private final String method;
        private final Origin.Target target;
        private final Journal.@Nullable Entry entry;
        private long bytesBefore = allowance.bytesReceived();
        private @Nullable Connection connection;
        /** Whether the connection serves this request alone. */
        private boolean isOwn;

        private Asked(String method, Origin.Target target) {
            this.method = method;
            this.target = target;
            this.entry = journal.asks(step().compareTo(Step.PING) < 0 ? Step.PING : step(), method, target);
        }

        private void over(Connection open) {
            connection = open;
            allowance.countRequest();
        }

        private Connection connection() {
            return Objects.requireNonNull(connection, "no connection yet");
        }

        /** @param headers beside our own */
        void send(Map<String, String> headers) throws IOException {
            connection().send(method, target.path(), withOwn(headers));
        }

        /** Bytes of the answer that have come and were not read yet, those of TLS itself among them. */
        int unread() throws IOException {
            return connection().unread();
        }

        /** @param seen how long after the request the answer was seen to come, where it is read later than that */
        Response receive(int longestBody, Optional<? extends Connection.Sink> onSuccess, Optional<Duration> seen)
                throws IOException {
            int longest = (int) Math.min(longestBody, Math.max(1, allowance.bytesLeft() - HEAD_BYTES));
            bytesBefore = allowance.bytesReceived();
            Response read = connection().receive(method, target.path(), longest, onSuccess);
            Response response = seen.isPresent() ? read.firstSeenAfter(seen.get()) : read;
            journal.answered(entry, response, allowance.bytesReceived() - bytesBefore);
            if (target.origin().equals(mirror)) {
                keepLeast(response.firstByte());
            }
            return heeded(target.origin(), answered(connection(), response));
        }

        /** What the walk made of it, beside what it made of it already. */
        void concludes(Reason reason) {
            journal.concludes(entry, reason);
        }

        /** Whether or not an answer came. */
        void end() throws IOException {
            journal.ended(entry, allowance.bytesReceived() - bytesBefore);
            if (isOwn && connection != null) {
                connection.close();
            }
        }
    }

    private void keepLeast(Duration sample) {
        if (firstByte.isEmpty() || sample.compareTo(firstByte.get()) < 0) {
            firstByte = Optional.of(sample);
        }
    }

    /** One that says when to come back is asked nothing more. */
    private Response heeded(Origin origin, Response response) throws WalkException {
        Optional<String> retryAfter = response.retryAfter();
        if (retryAfter.isEmpty()) {
            return response;
        }
        WalkException wait = response.status() == 429
                ? new WalkException(
                        step(), Verdict.RATE_LIMITED, Reason.of("rate-limited-until", retryAfter.get()), 429)
                : new WalkException(
                        step(), Verdict.SERVER_ERROR, Reason.of("unavailable-until", retryAfter.get()), 503);
        waiting.put(origin, wait);
        throw wait;
    }

    /** An answer of the mirror's: of a proxy that forwards, only 407 is told for certain to be its own. */
    private Response answered(Connection connection, Response response) throws WalkException {
        Optional<Proxy> forwarder = connection.forwarder().filter(proxy -> response.status() == 407);
        if (forwarder.isPresent()) {
            Reason reason = ProxyDialer.wantsLogin(forwarder.get(), response);
            throw new WalkException(step(), Verdict.LOGIN_REQUIRED, reason, response.status());
        }
        return response;
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
                throw new WalkException(step(), Verdict.NOT_A_REGISTRY, reason, response.status());
            }
            target = next.get();
            response = send(method, target, headers.to(target.origin()), longestBody, onSuccess);
        }
        return response;
    }

    @Override
    public void close() {
        connections.close();
    }
}
