package io.github.mirrorctl.registry;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/**
 * Fetches a catalog from the address that a user names: over https, or over plain http from a host inside their own
 * network. A redirect may lead neither from https to http nor from a public host to one inside.
 */
public final class CatalogFetch {
    /** In bytes; some fifty times the bundled catalog. */
    static final int LONGEST = 4 << 20;

    private static final Duration LONGEST_TIME = Duration.ofSeconds(30);
    private static final int MOST_REDIRECTS = 5;

    private CatalogFetch() {}

    /**
     * The body of the answer, whole.
     *
     * @param proxies through which it is reached
     * @throws Fault {@link FaultCode#FETCH_ADDRESS} where it is no such address; {@link FaultCode#CANNOT_FETCH}
     */
    public static byte[] fetch(String url, Supplier<SSLSocketFactory> tls, Proxies proxies, Resolver resolver) {
        return fetch(url, tls, proxies, resolver, LONGEST_TIME);
    }

    static byte[] fetch(
            String url, Supplier<SSLSocketFactory> tls, Proxies proxies, Resolver resolver, Duration longest) {
        Origin.Target target =
                Origin.Target.parse(url).orElseThrow(() -> new Fault(FaultCode.FETCH_ADDRESS, withoutUserInfo(url)));
        Deadline deadline = Deadline.after(longest);
        Optional<Thread> watch = Optional.empty();
        try (Session session = new Session(
                target.origin(),
                new Allowance(deadline, MOST_REDIRECTS + 1, 2L * LONGEST),
                new Journal(false),
                Transport.of(host -> tls.get(), proxies, resolver))) {
            watch = Optional.of(closeAfter(longest, session));
            if (!target.origin().isTls() && !isInside(session, target.origin())) {
                throw new Fault(FaultCode.FETCH_ADDRESS, url);
            }
            return body(get(session, target, url), url);
        } catch (IOException e) {
            throw failed(url, deadline.isPast() ? "fetch-timeout" : words(e)).causedBy(e);
        } finally {
            watch.ifPresent(Thread::interrupt);
        }
    }

    /** A time-out of a socket begins anew with each byte of TLS that trickles in. */
    private static Thread closeAfter(Duration longest, Session session) {
        Thread watch = new Thread(
                () -> {
                    try {
                        Thread.sleep(longest.toMillis());
                        session.close();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "fetch-deadline");
        watch.setDaemon(true);
        watch.start();
        return watch;
    }

    private static Response get(Session session, Origin.Target first, String url) throws IOException {
        Map<String, String> headers = Map.of("Accept", "application/json");
        Origin.Target target = first;
        Response response = session.send("GET", target, headers, LONGEST);
        for (int redirects = 0; response.isRedirect(); redirects++) {
            Optional<Origin.Target> next =
                    target.resolve(response.header("location").orElse(""));
            boolean isWeaker = next.isEmpty()
                    || (target.origin().isTls() && !next.get().origin().isTls());
            if (isWeaker || redirects == MOST_REDIRECTS) {
                throw failed(url, "fetch-redirect");
            }
            target = next.get();
            response = session.send("GET", target, headers, LONGEST);
        }
        return response;
    }

    private static byte[] body(Response response, String url) {
        if (!response.isSuccess()) {
            throw failed(url, "HTTP " + response.status());
        }
        if (response.tooLong()) {
            throw failed(url, "fetch-too-long");
        }
        if (response.cutShort()) {
            throw failed(url, "fetch-cut-short");
        }
        return response.body();
    }

    private static boolean isInside(Session session, Origin origin) throws IOException {
        try {
            return Arrays.stream(session.connections().addresses(origin)).allMatch(Reach::isInside);
        } catch (UnknownHostException e) {
            throw new WalkException(Step.DNS, Verdict.UNKNOWN_HOST, Reason.of("unknown-host", origin.host()), e);
        }
    }

    private static Fault failed(String url, String reason) {
        return new Fault(FaultCode.CANNOT_FETCH, url, reason);
    }

    /** The code of a reason that needs no arguments. */
    private static String words(IOException failure) {
        if (failure instanceof WalkException walk) {
            return words(walk.reason());
        }
        if (failure instanceof SocketTimeoutException) {
            return "fetch-timeout";
        }
        if (failure instanceof Allowance.SpentException) {
            return "fetch-too-long";
        }
        if (failure instanceof Connections.InwardException) {
            return "redirect-inward";
        }
        if (failure instanceof Connection.ProtocolException) {
            return "not-http";
        }
        if (failure instanceof UnknownHostException) {
            return "unknown-host";
        }
        return "connection-lost";
    }

    private static String words(Reason reason) {
        if (reason.code().equals(ProbeResult.PROXY_FAILED)) {
            return reason.arguments().get(1);
        }
        if (reason.code().startsWith("proxy-")) {
            return "proxy-blocks";
        }
        return reason.code().replace("-behind-proxy", "");
    }

    /** The address as it may be shown. */
    private static String withoutUserInfo(String url) {
        int at = url.lastIndexOf('@');
        return at < 0 ? url : "…" + url.substring(at);
    }
}
