package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.Network;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who is reached without a proxy, by the rules of the engine's {@code NO_PROXY} (the field {@code NoProxy} of
 * {@code Config} in golang.org/x/net's {@code http/httpproxy/proxy.go}): names with all below them, names behind a dot
 * with only those below them, addresses, networks, each but networks with a port if wanted, and {@code *} for everybody.
 * Entries that cannot be read count for nothing, as there. This machine itself is never reached through a proxy.
 *
 * @param isEverybody whether no proxy is used at all
 */
record NoProxy(boolean isEverybody, List<Network> networks, List<Exempt> exempt) {
    private static final String ALL = "*";
    private static final Network LOOPBACK = Network.parse("127.0.0.0/8").orElseThrow();
    private static final Network LOOPBACK_6 = Network.parse("::1/128").orElseThrow();

    static final NoProxy NOBODY = new NoProxy(false, List.of(), List.of());

    NoProxy {
        networks = List.copyOf(networks);
        exempt = List.copyOf(exempt);
    }

    /**
     * One entry that is no network.
     *
     * @param suffix with the dot before it; empty where the entry is an address
     * @param address empty where the entry is a name
     * @param isHostToo whether the name itself is meant, and not only those below it
     * @param port empty for every one
     */
    private record Exempt(String suffix, Optional<Network> address, boolean isHostToo, String port) {

        boolean includes(String host, int at) {
            boolean isMeant = address.map(one -> one.contains(host))
                    .orElseGet(() -> host.endsWith(suffix) || (isHostToo && suffix.equals("." + host)));
            return isMeant && (port.isEmpty() || port.equals(String.valueOf(at)));
        }
    }

    /** Reads a list parted by commas. */
    static NoProxy parse(String list) {
        List<Network> networks = new ArrayList<>();
        List<Exempt> exempt = new ArrayList<>();
        for (String item : list.split(",", -1)) {
            String entry = item.strip().toLowerCase(Locale.ROOT);
            if (entry.equals(ALL)) {
                return new NoProxy(true, List.of(), List.of());
            }
            Optional<Network> network = Network.parse(entry);
            if (network.isPresent()) {
                networks.add(network.get());
            } else {
                exempt(entry).ifPresent(exempt::add);
            }
        }
        return new NoProxy(false, networks, exempt);
    }

    private static Optional<Exempt> exempt(String entry) {
        String host = entry;
        String port = "";
        int colon = entry.lastIndexOf(':');
        boolean isBracketed = entry.startsWith("[") && entry.indexOf("]:") > 0;
        if (isBracketed) {
            host = entry.substring(1, entry.indexOf("]:"));
            port = entry.substring(colon + 1);
        } else if (colon >= 0 && entry.indexOf(':') == colon) {
            host = entry.substring(0, colon);
            port = entry.substring(colon + 1);
        }
        Optional<Network> address = Network.ofAddress(host);
        if (address.isPresent()) {
            return Optional.of(new Exempt("", address, false, port));
        }
        String name = host.startsWith("*.") ? host.substring(1) : host;
        if (name.isEmpty()) {
            return Optional.empty();
        }
        boolean isBelowOnly = name.startsWith(".");
        return Optional.of(new Exempt(ascii(isBelowOnly ? name : "." + name), Optional.empty(), !isBelowOnly, port));
    }

    private static String ascii(String suffix) {
        try {
            return "." + IDN.toASCII(suffix.substring(1));
        } catch (IllegalArgumentException noName) {
            return suffix;
        }
    }

    /**
     * Whether a host is reached without a proxy.
     *
     * @param host in lower case; an IPv6 address stands without brackets
     */
    boolean includes(String host, int port) {
        return isEverybody
                || host.equals("localhost")
                || LOOPBACK.contains(host)
                || LOOPBACK_6.contains(host)
                || networks.stream().anyMatch(network -> network.contains(host))
                || exempt.stream().anyMatch(entry -> entry.includes(host, port));
    }
}
