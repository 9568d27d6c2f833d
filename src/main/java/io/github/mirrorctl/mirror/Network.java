package io.github.mirrorctl.mirror;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A network as the daemon writes those whose registries it does not check and those that it reaches without a proxy,
 * such as {@code 127.0.0.0/8}.
 *
 * @param bits how many of the first bits its addresses share
 */
public record Network(InetAddress first, int bits) {
    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile("(?:" + OCTET + "\\.){3}" + OCTET);

    /** Reads an address and the number of bits behind a slash; empty for anything else. Looks up no name. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        try {
            int bits = Integer.parseInt(text.substring(slash + 1));
            return address(text.substring(0, slash))
                    .filter(first -> bits >= 0 && bits <= first.getAddress().length * 8)
                    .map(first -> new Network(first, bits));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether a host is an address of this network. A name is not, as it is not looked up. */
    public boolean contains(String host) {
        return address(host).map(this::contains).orElse(false);
    }

    private boolean contains(InetAddress address) {
        byte[] ours = first.getAddress();
        byte[] theirs = address.getAddress();
        boolean isSame = ours.length == theirs.length;
        for (int bit = 0; isSame && bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            isSame = (ours[bit / 8] & mask) == (theirs[bit / 8] & mask);
        }
        return isSame;
    }

    /** The network of a single address; empty for anything else. Looks up no name. */
    public static Optional<Network> ofAddress(String text) {
        return address(text).map(first -> new Network(first, first.getAddress().length * 8));
    }

    /** Whether a host is written as an address: four numbers, or an IPv6 address without brackets. */
    public static boolean isAddress(String host) {
        return address(host).isPresent();
    }

    /** The address that is written so; empty for anything else. Looks up no name. */
    public static Optional<InetAddress> address(String text) {
        boolean isLiteral = text.indexOf(':') >= 0 || IPV4.matcher(text).matches();
        if (!isLiteral) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
