package io.github.mirrorctl.registry;

import javax.net.ssl.SSLSocketFactory;

/** Where the TLS sockets of a pull path come from, on which the other side has to prove who it is. */
@FunctionalInterface
public interface TlsSockets {
    /**
     * For the registry itself, and for all that it points to. May wait for the authorities to be read.
     *
     * @param registry its authority: the host, with the port where that is not its scheme's own
     */
    SSLSocketFactory pullingFrom(String registry);
}
