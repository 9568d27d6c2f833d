package io.github.mirrorctl.registry;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the {@link Exchange}s of a walk, where somebody wants to see them; else it forgets what it is told. May be read
 * from any thread at any time: a request that is still under way is among them, as far as it came.
 */
final class Journal {
    /** More than a walk and its finals may send. */
    private static final int MOST = 64;

    private static final int MOST_ADDRESSES = 8;

    private final boolean isKept;
    private final long start = System.nanoTime();
    private final List<Entry> entries = new ArrayList<>();

    Journal(boolean isKept) {
        this.isKept = isKept;
    }

    /** An exchange that is still being written down. */
    static final class Entry {
        private final long startedAt = System.nanoTime();
        private final Step step;
        private final String method;
        private final String url;
        private @Nullable String authority;
        private Optional<Duration> dns = Optional.empty();
        private List<String> addresses = List.of();
        private Optional<String> address = Optional.empty();
        private Optional<Duration> connect = Optional.empty();
        private Optional<Duration> tls = Optional.empty();
        private Optional<String> tlsVersion = Optional.empty();
        private @Nullable Response response;
        private long endedAt;
        private long bytes;
        private Optional<Reason> conclusion = Optional.empty();

        private Entry(Step step, String method, String url) {
            this.step = step;
            this.method = method;
            this.url = url;
        }

        private Exchange read(long start) {
            Optional<Response> answer = Optional.ofNullable(response);
            long end = endedAt == 0 ? System.nanoTime() : endedAt;
            return new Exchange(
                    Duration.ofNanos(startedAt - start),
                    step,
                    method,
                    url,
                    Optional.ofNullable(authority)
                            .map(host -> new Exchange.Link(host, dns, addresses, address, connect, tls, tlsVersion)),
                    answer.map(r -> OptionalInt.of(r.status())).orElse(OptionalInt.empty()),
                    answer.map(Response::firstByte),
                    Duration.ofNanos(end - startedAt),
                    bytes,
                    answer.flatMap(r -> r.header("docker-content-digest")).map(Redaction::tidy),
                    answer.filter(Response::isRedirect)
                            .flatMap(r -> r.header("location"))
                            .map(Redaction::of),
                    answer.flatMap(Response::bearer)
                            .flatMap(bearer -> bearer.parameter("realm"))
                            .map(Redaction::of),
                    conclusion);
        }
    }

    /** Begins an entry, which is told of the request's end; null where nothing is kept. */
    synchronized @Nullable Entry asks(Step step, String method, Origin.Target target) {
        if (!isKept || entries.size() >= MOST) {
            return null;
        }
        Entry entry = new Entry(step, method, Redaction.of(target.url()));
        entries.add(entry);
        return entry;
    }

    /** Null where nothing is kept. No lambdas here: walks that begin at once would each build one on first use. */
    private @Nullable Entry last() {
        return entries.isEmpty() ? null : entries.get(entries.size() - 1);
    }

    /** @param proxy through which it is reached, and whose addresses and times are told next */
    synchronized void opens(Origin origin, Optional<Proxy> proxy) {
        Entry entry = last();
        if (entry != null) {
            String way = proxy.map(via -> " (" + via.authority() + ")").orElse("");
            entry.authority = Redaction.tidy(origin.authority()) + way;
        }
    }

    synchronized void resolved(Duration dns, InetAddress[] addresses) {
        Entry entry = last();
        if (entry != null) {
            entry.dns = Optional.of(dns);
            entry.addresses = Arrays.stream(addresses)
                    .limit(MOST_ADDRESSES)
                    .map(InetAddress::getHostAddress)
                    .toList();
        }
    }

    synchronized void connected(InetAddress address, Duration connect) {
        Entry entry = last();
        if (entry != null) {
            entry.address = Optional.of(address.getHostAddress());
            entry.connect = Optional.of(connect);
        }
    }

    synchronized void secured(Duration tls, String version) {
        Entry entry = last();
        if (entry != null) {
            entry.tls = Optional.of(tls);
            entry.tlsVersion = Optional.of(version);
        }
    }

    /** @param bytes that came since the request */
    synchronized void answered(@Nullable Entry entry, Response response, long bytes) {
        if (entry != null) {
            entry.response = response;
            entry.bytes = bytes;
            entry.endedAt = System.nanoTime();
        }
    }

    /** No answer came, or none that could be read to its end. */
    synchronized void ended(@Nullable Entry entry, long bytes) {
        if (entry != null && entry.endedAt == 0) {
            entry.bytes = bytes;
            entry.endedAt = System.nanoTime();
        }
    }

    /** What the walk made of the last exchange, beside what it made of it already. */
    synchronized void concludes(Reason reason) {
        concludes(last(), reason);
    }

    synchronized void concludes(@Nullable Entry entry, Reason reason) {
        if (entry != null && !entry.conclusion.equals(Optional.of(reason))) {
            entry.conclusion =
                    Optional.of(entry.conclusion.map(c -> c.and(reason)).orElse(reason));
        }
    }

    synchronized List<Exchange> exchanges() {
        return entries.stream().map(entry -> entry.read(start)).toList();
    }
}
