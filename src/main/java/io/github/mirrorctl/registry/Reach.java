package io.github.mirrorctl.registry;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Which addresses a walk may connect to. A public mirror must not send us to an address on this machine or inside this
 * network, whether by a token realm or by a redirect.
 */
enum Reach {
    ANYWHERE,
    PUBLIC_ONLY;

    /** What a mirror at that address may send us to. */
    static Reach from(InetAddress mirror) {
        return isInside(mirror) ? ANYWHERE : PUBLIC_ONLY;
    }

    boolean allows(InetAddress address) {
        return this == ANYWHERE || !isInside(address);
    }

    /** Loopback, link-local, private and unspecified addresses; not 198.18.0.0/15, which fake-IP proxies answer with. */
    static boolean isInside(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isAnyLocalAddress()
                || isUniqueLocal(address)
                || isThisNetwork(address)
                || isSharedAddressSpace(address);
    }

    /** The same for a host as written; a name other than {@code localhost} is not inside, as it is not resolved. */
    static boolean isInsideLiteral(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        boolean isLiteral = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        try {
            return isLiteral && isInside(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isUniqueLocal(InetAddress address) {
        return address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
    }

    /** 0.0.0.0/8, which Linux takes for this machine (RFC 791, section 3.2). */
    private static boolean isThisNetwork(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && bytes[0] == 0;
    }

    /** 100.64.0.0/10, behind a carrier's address translation (RFC 6598). */
    private static boolean isSharedAddressSpace(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64;
    }
}
