package io.github.mirrorctl.daemon;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A network as the daemon writes those whose registries it does not check, such as {@code 127.0.0.0/8}.
 *
 * @param bits how many of the first bits its addresses share
 */
public record Network(InetAddress first, int bits) {

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

    private static Optional<InetAddress> address(String text) {
        boolean isLiteral = text.indexOf(':') >= 0
                || (!text.isEmpty() && text.chars().allMatch(c -> c == '.' || Character.isDigit(c)));
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
