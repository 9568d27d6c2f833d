package io.github.mirrorctl.registry;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

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

    /** @param isInside whether an address is one where a mirror on the Internet must not send us */
    Session(
            Origin mirror,
            Allowance allowance,
            Handshakes handshakes,
            Proxies proxies,
            Resolver resolver,
            Journal journal,
            Predicate<InetAddress> isInside) {
        this.mirror = mirror;
        this.allowance = allowance;
        this.journal = journal;
        this.connections = new Connections(mirror, allowance, handshakes, proxies, resolver, journal, isInside);
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
        WalkException wait = waiting.get(target.origin());
        if (wait != null) {
            throw wait;
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put("User-Agent", USER_AGENT);
        all.put("Accept-Encoding", "identity");
        all.putAll(headers);
        Optional<Connection> connection = connections.existing(target.origin());
        if (connection.isPresent()) {
            try {
                return exchange(connection, method, target, all, longestBody, onSuccess);
            } catch (Connection.NoAnswerException e) {
                connections.distrust(connection.get());
            } catch (Connection.ProtocolException e) {
                connections.forget(connection.get());
                if (onSuccess.isPresent()) {
                    throw e;
                }
            }
        }
        return exchange(Optional.empty(), method, target, all, longestBody, onSuccess);
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
        allowance.requireRequest();
        allowance.requireBytes();
        long before = allowance.bytesReceived();
        journal.asks(step().compareTo(Step.PING) < 0 ? Step.PING : step(), method, target);
        try {
            Connection connection = open.isPresent() ? open.get() : connections.open(target.origin());
            allowance.countRequest();
            int longest = (int) Math.min(longestBody, Math.max(1, allowance.bytesLeft() - HEAD_BYTES));
            Response response = connection.exchange(method, target.path(), headers, longest, onSuccess);
            journal.answered(response, allowance.bytesReceived() - before);
            if (target.origin().equals(mirror)) {
                keepLeast(response.firstByte());
            }
            return heeded(target.origin(), answered(connection, response));
        } finally {
            journal.ended(allowance.bytesReceived() - before);
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
