package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.mirror.Status;
import java.util.Optional;

/**
 * A mirror to be measured.
 *
 * @param entry what the catalog knows of it; empty for a company's own
 */
public record Candidate(MirrorUrl url, Optional<Mirror> entry) {

    /** Docker Hub's registry, measured beside the mirrors as what they have to be better than. */
    public static final Candidate DOCKER_HUB =
            new Candidate(new MirrorUrl("https", "registry-1.docker.io", 443, ""), Optional.empty());

    /** As a record's own, which takes a start longer. See {@link MirrorUrl#equals}. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Candidate candidate && url.equals(candidate.url) && entry.equals(candidate.entry);
    }

    @Override
    public int hashCode() {
        return url.hashCode();
    }

    /** Whether an organisation answers for it. One's own mirror counts as such. */
    public boolean hasNamedOperator() {
        return entry.map(mirror -> mirror.kind().isNamed()).orElse(true);
    }

    /** The catalog's tier; those without one come last. */
    public int tierNumber() {
        return entry.flatMap(Mirror::tier).map(tier -> tier.number()).orElse(Integer.MAX_VALUE);
    }

    /**
     * Whether it may be chosen without being named or measured: none that has ended, no path, which old engines refuse, and
     * no plain http over the Internet, where anybody on the way could change what is pulled.
     */
    public boolean isSafeUnasked() {
        return isSafeUnasked(isInside());
    }

    /** @param inside whether its host is one of this machine or of a private network */
    boolean isSafeUnasked(boolean inside) {
        return !isRetired() && url.path().isEmpty() && (url.isHttps() || inside);
    }

    /** Whether its host is written as an address of this machine or of a private network. */
    public boolean isInside() {
        return Reach.isInsideLiteral(url.host());
    }

    public boolean isRetired() {
        return entry.map(mirror -> mirror.status() == Status.RETIRED).orElse(false);
    }
}
