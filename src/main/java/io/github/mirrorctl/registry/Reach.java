package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which addresses are inside: on this machine or this network. A public mirror must not send us to one, whether by a
 * token realm or by a redirect.
 */
final class Reach {
    private Reach() {}

    /**
     * Loopback, link-local, private and unspecified addresses; not 198.18.0.0/15, which fake-IP proxies answer with. What
     * wraps an IPv4 address in an IPv6 one is judged by what it wraps, since a gateway may unwrap it.
     */
    static boolean isInside(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isAnyLocalAddress()
                || isUniqueLocal(address)
                || isThisNetwork(address)
                || isSharedAddressSpace(address)
                || wrapped(address.getAddress()).map(Reach::isInside).orElse(false);
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

    /**
     * The same for a host that somebody else resolves, a proxy: a last label that begins with a digit belongs to no
     * name, and what a resolver makes of it is its own affair.
     */
    static boolean mayBeInside(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        boolean isNamedAfterIt = name.endsWith(".localhost") || name.equals("localhost.localdomain");
        boolean isOddAddress = name.indexOf(':') < 0
                && name.substring(name.lastIndexOf('.') + 1).matches("[0-9].*")
                && !Network.isAddress(name);
        return isNamedAfterIt || isOddAddress || isInsideLiteral(name);
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

    /**
     * ::/96 and ::ffff:0:0/96 (RFC 4291), ::ffff:0:0:0/96 (RFC 2765), 64:ff9b::/96 (RFC 6052), the networks of 96 bits in
     * 64:ff9b:1::/48 (RFC 8215), 2002::/16 (RFC 3056) and identifiers of an interface that begin with 0:5efe or 200:5efe
     * (RFC 5214) hold an IPv4 address.
     */
    private static Optional<InetAddress> wrapped(byte[] bytes) {
        if (bytes.length != 16) {
            return Optional.empty();
        }
        ByteBuffer address = ByteBuffer.wrap(bytes);
        long high = address.getLong(0);
        int third = address.getInt(8);
        boolean isMapped = high == 0 && (third == 0 || third == 0xffff || third == 0xffff0000);
        boolean isTranslated = (high == 0x0064ff9b_00000000L && third == 0) || high >>> 16 == 0x0064_ff9b_0001L;
        boolean isTunnelled = (third & ~0x0200_0000) == 0x5efe;
        boolean atEnd = isMapped || isTranslated || isTunnelled;
        boolean behindPrefix = address.getShort(0) == 0x2002;
        return atEnd ? Optional.of(ipv4(bytes, 12)) : behindPrefix ? Optional.of(ipv4(bytes, 2)) : Optional.empty();
    }

    private static InetAddress ipv4(byte[] bytes, int at) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
