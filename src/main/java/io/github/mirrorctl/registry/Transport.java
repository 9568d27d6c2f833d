package io.github.mirrorctl.registry;

import java.net.InetAddress;
import java.util.function.Predicate;

/**
 * How registries are reached, which all walks of a probe share. Safe for use by many threads.
 *
 * @param proxies through which mirrors, their token services and storages are reached
 * @param isInside whether an address is one where a mirror on the Internet must not send us
 */
record Transport(Handshakes handshakes, Proxies proxies, Resolver resolver, Predicate<InetAddress> isInside) {
    /** From this machine, whose own network is what mirrors must not send us into. */
    static Transport of(TlsSockets tls, Proxies proxies, Resolver resolver) {
        return new Transport(new Handshakes(tls), proxies, resolver, Reach::isInside);
    }
}
