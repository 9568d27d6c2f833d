package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.Optional;

/**
 * How long the parts of an exchange took, by the monotonic clock. A part that was not reached is empty. Through a proxy
 * they are what an engine waits for, whoever causes it: the proxy is the one that is resolved and connected to, and asking
 * it for the tunnel, in which it does both for the mirror, counts as connecting.
 *
 * @param dns the name's resolution, or that of the proxy's name
 * @param connect the TCP handshake with the address that answered, the lesser of two where nothing is downloaded; with a proxy, TLS with it and the time from asking for
 *     a tunnel to having it come on top
 * @param tls the TLS handshake, with the cost of this process's first one in it but without waiting for a processor;
 *     empty for plain http
 * @param firstByte the least time from a request to the mirror on an open connection to the first byte of its answer, as
 *     they pass the TCP socket; whatever was asked, since nothing is answered sooner than the way there and back takes
 */
public record Latency(
        Optional<Duration> dns, Optional<Duration> connect, Optional<Duration> tls, Optional<Duration> firstByte) {

    /**
     * What mirrors are ranked by while nothing was downloaded: TCP handshake and warm first byte. DNS and TLS are
     * left out since their first use in a process costs more than the network does.
     */
    public Optional<Duration> roundTrip() {
        return connect.flatMap(c -> firstByte.map(c::plus));
    }
}
