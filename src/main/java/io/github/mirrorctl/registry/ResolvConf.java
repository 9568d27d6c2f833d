package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * Whom to ask for names, and how: resolv.conf(5), read as Go does
 * (<a href="https://github.com/golang/go/blob/go1.24.0/src/net/dnsconfig_unix.go">dnsconfig_unix.go</a>).
 *
 * @param servers in their order; at least one
 * @param search what is put behind a name that is not found by itself, without a dot at either end
 * @param dots a name with so many of them is first asked for as it is
 * @param timeout for one server's answer
 * @param attempts how many times all servers are asked
 * @param rotates whether each question begins with another server
 * @param isTcp whether all is asked over TCP
 * @param isOneByOne whether the question for IPv6 waits for the answer to the one for IPv4
 */
record ResolvConf(
        List<InetSocketAddress> servers,
        List<String> search,
        int dots,
        Duration timeout,
        int attempts,
        boolean rotates,
        boolean isTcp,
        boolean isOneByOne,
        boolean isExtended,
        boolean asksForAuthentic) {
    private static final int MOST_SERVERS = 3;
    private static final int MOST_DOTS = 15;
    private static final int MOST_SECONDS = 30;
    private static final int MOST_ATTEMPTS = 5;

    ResolvConf {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
    }

    /**
     * Reads the file; empty where it names no server, or says something that Go leaves to the C library.
     *
     * @param ownName the machine's, whose domain is searched where no other is named
     * @param hasIpv6 whether a server with an IPv6 address can be asked
     */
    static Optional<ResolvConf> parse(String text, String ownName, boolean hasIpv6, int port) {
        Reader reader = new Reader(ownName, hasIpv6, port);
        for (StringTokenizer lines = new StringTokenizer(text, "\n"); lines.hasMoreTokens(); ) {
            String line = lines.nextToken();
            boolean isComment = line.startsWith("#") || line.startsWith(";");
            if (!isComment && !reader.takes(new StringTokenizer(line))) {
                return Optional.empty();
            }
        }
        return reader.servers.isEmpty() ? Optional.empty() : Optional.of(reader.result());
    }

    /** The names to ask for in turn where one is looked up that has no dot at its end. */
    List<String> names(String name) {
        int found = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            found++;
        }
        List<String> names = new ArrayList<>();
        for (String domain : search) {
            String full = name + "." + domain;
            if (DnsMessage.isName(full)) {
                names.add(full);
            }
        }
        names.add(found >= dots ? 0 : names.size(), name);
        return names;
    }

    private static final class Reader {
        private final boolean hasIpv6;
        private final int port;
        private final List<InetSocketAddress> servers = new ArrayList<>();
        private List<String> search = new ArrayList<>();
        private int dots = 1;
        private int seconds = 5;
        private int attempts = 2;
        private boolean rotates;
        private boolean isTcp;
        private boolean isOneByOne;
        private boolean isExtended;
        private boolean asksForAuthentic;

        Reader(String ownName, boolean hasIpv6, int port) {
            this.hasIpv6 = hasIpv6;
            this.port = port;
            int dot = ownName.indexOf('.');
            if (dot >= 0) {
                searches(ownName.substring(dot + 1));
            }
        }

        ResolvConf result() {
            return new ResolvConf(
                    servers,
                    search,
                    dots,
                    Duration.ofSeconds(seconds),
                    attempts,
                    rotates,
                    isTcp,
                    isOneByOne,
                    isExtended,
                    asksForAuthentic);
        }

        /** Whether a line was understood. */
        boolean takes(StringTokenizer words) {
            if (!words.hasMoreTokens()) {
                return true;
            }
            switch (words.nextToken()) {
                case "nameserver" -> {
                    if (words.hasMoreTokens() && servers.size() < MOST_SERVERS) {
                        server(words.nextToken());
                    }
                }
                case "domain" -> {
                    search = new ArrayList<>();
                    if (words.hasMoreTokens()) {
                        searches(words.nextToken());
                    }
                }
                case "search" -> {
                    search = new ArrayList<>();
                    while (words.hasMoreTokens()) {
                        searches(words.nextToken());
                    }
                }
                case "options" -> {
                    while (words.hasMoreTokens()) {
                        if (!takesOption(words.nextToken())) {
                            return false;
                        }
                    }
                }
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void server(String address) {
            Optional<InetAddress> server = Network.address(address);
            if (server.isPresent() && (hasIpv6 || server.get().getAddress().length == 4)) {
                servers.add(new InetSocketAddress(server.get(), port));
            }
        }

        private void searches(String domain) {
            String lower = domain.toLowerCase(Locale.ROOT);
            String bare = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
            if (DnsMessage.isName(bare)) {
                search.add(bare);
            }
        }

        private boolean takesOption(String option) {
            int colon = option.indexOf(':');
            String value = option.substring(colon + 1);
            switch (colon < 0 ? option : option.substring(0, colon + 1)) {
                case "ndots:" -> dots = number(value, 0, MOST_DOTS);
                case "timeout:" -> seconds = number(value, 1, MOST_SECONDS);
                case "attempts:" -> attempts = number(value, 1, MOST_ATTEMPTS);
                case "rotate" -> rotates = true;
                case "use-vc", "usevc", "tcp" -> isTcp = true;
                case "single-request", "single-request-reopen" -> isOneByOne = true;
                case "edns0" -> isExtended = true;
                case "trust-ad" -> asksForAuthentic = true;
                case "no-reload" -> {}
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** The digits at the beginning, as atoi(3) reads them, within the C library's own bounds. */
        private static int number(String digits, int least, int most) {
            int number = 0;
            for (int i = 0; i < digits.length() && digits.charAt(i) >= '0' && digits.charAt(i) <= '9'; i++) {
                number = Math.min(most, number * 10 + digits.charAt(i) - '0');
            }
            return Math.max(least, number);
        }
    }
}
