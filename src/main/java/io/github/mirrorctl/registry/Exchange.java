package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request that was made for a mirror, and what came of it: for a person who wants to see why the mirror lost. Holds
 * no token and no credentials; addresses are without what may be secret in their queries, and all texts are cut to a
 * bound and free of control characters.
 *
 * @param at from the beginning of the mirror's walk to the request
 * @param step what it was for, from {@link Step#PING} on
 * @param link the connection that was opened for it; empty where an open one was used
 * @param status empty where no answer came
 * @param firstByte from the request to the first byte of its answer
 * @param elapsed from the request, with the opening of its connection, to the end of its answer
 * @param bytes of the answer, head and body
 * @param digest what the answer declares itself to be, in {@code Docker-Content-Digest}
 * @param leadsTo where a redirect leads
 * @param realm where an answer says that tokens are to be had
 * @param conclusion what the walk made of it; empty where it went on to where that leads
 */
public record Exchange(
        Duration at,
        Step step,
        String method,
        String url,
        Optional<Link> link,
        OptionalInt status,
        Optional<Duration> firstByte,
        Duration elapsed,
        long bytes,
        Optional<String> digest,
        Optional<String> leadsTo,
        Optional<String> realm,
        Optional<Reason> conclusion) {

    /**
     * A connection as far as it came. A part that was not reached is empty.
     *
     * @param authority of whom it leads to
     * @param addresses what the name resolves to, the first few
     * @param address which of them answered first
     * @param connect the TCP handshake with that one
     * @param tls the TLS handshake
     * @param tlsVersion such as {@code TLSv1.3}
     */
    public record Link(
            String authority,
            Optional<Duration> dns,
            List<String> addresses,
            Optional<String> address,
            Optional<Duration> connect,
            Optional<Duration> tls,
            Optional<String> tlsVersion) {

        public Link {
            addresses = List.copyOf(addresses);
        }
    }
}
