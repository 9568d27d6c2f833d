package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.MirrorUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;

/** How the tests of this package probe. */
final class Probes {
    static final ImageReference NODE = ImageReference.parse("node:20-alpine");
    /** Long enough for anything on loopback that answers at all. */
    static final Duration AMPLE = Duration.ofSeconds(20);
    /** For what never answers. */
    static final Duration SHORT = Duration.ofMillis(700);

    private Probes() {}

    static Prober.Plan plan(Depth depth, Duration timeout) {
        return new Prober.Plan(List.of(NODE), depth, timeout, 128, "amd64", Optional.empty(), Set.of());
    }

    static Candidate candidate(String url) {
        return new Candidate(MirrorUrl.parse(url), Optional.empty());
    }

    /** For one mirror's walk to its blobs, with ample time. */
    static Session session(Candidate candidate, SSLSocketFactory tls, Proxies proxies) {
        return Walk.session(
                candidate,
                plan(Depth.BLOB, AMPLE),
                Deadline.after(AMPLE),
                Transport.of(registry -> tls, proxies, Resolver.SYSTEM));
    }

    static Session session(Candidate candidate) {
        return session(candidate, (SSLSocketFactory) SSLSocketFactory.getDefault(), Proxies.NONE);
    }

    /** The walk alone, as for a mirror that does not come to the finals. */
    static ProbeResult walk(Candidate candidate, Session session) {
        return new Walk(candidate, plan(Depth.BLOB, AMPLE), session, new Calm(1, AMPLE)).run();
    }

    static ProbeResult probe(String url, Prober.Plan plan, SSLSocketFactory tls) throws InterruptedException {
        return probe(url, plan, tls, Proxies.NONE);
    }

    static ProbeResult probe(String url, Prober.Plan plan, SSLSocketFactory tls, Proxies proxies)
            throws InterruptedException {
        return probe(url, plan, registry -> tls, proxies);
    }

    static ProbeResult probe(String url, Prober.Plan plan, TlsSockets tls, Proxies proxies)
            throws InterruptedException {
        return new Prober(plan, tls, proxies, Resolver.SYSTEM)
                .probe(List.of(candidate(url)), result -> {})
                .get(0);
    }

    static ProbeResult probe(String url, Prober.Plan plan) throws InterruptedException {
        return probe(url, plan, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    static ProbeResult probe(String url) throws InterruptedException {
        return probe(url, plan(Depth.MANIFEST, AMPLE));
    }
}
