package io.github.mirrorctl.registry;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.mirror.Network;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.function.Function;

/**
 * Where this machine looks names up, as far as its files tell. What they do not is left to the C library, by the rules of
 * Go (<a href="https://github.com/golang/go/blob/go1.24.0/src/net/conf.go">conf.go</a>, {@code hostLookupOrder}).
 *
 * @param order of the sources; the DNS is among them
 * @param hosts the text of hosts(5) in lower case; empty where it is no source
 * @param ownName the machine's, in lower case
 * @param hasIpv6 whether some interface has an IPv6 address, without which the JVM does not ask for any
 */
record NameSources(List<Source> order, String hosts, ResolvConf conf, String ownName, boolean hasIpv6) {
    /** At these systemd-resolved answers, which its module for the C library asks too. */
    private static final List<String> RESOLVED = List.of("127.0.0.53", "127.0.0.54");

    private static final List<String> LIBRARY_VARIABLES = List.of("RES_OPTIONS", "HOSTALIASES", "LD_PRELOAD");
    private static final List<String> JAVA_VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "MIRRORCTL_OPTS");

    enum Source {
        HOSTS,
        DNS
    }

    NameSources {
        order = List.copyOf(order);
    }

    /**
     * Reads the machine's files; empty where the C library must be asked.
     *
     * @param files a file's bytes by its path; empty where there is none
     */
    static Optional<NameSources> of(
            Function<String, Optional<byte[]>> files, Map<String, String> environment, int port) {
        try {
            Optional<byte[]> servers = files.apply("/etc/resolv.conf");
            if (servers.isEmpty() || isSpecial(environment)) {
                return Optional.empty();
            }
            String ownName =
                    text(files.apply("/proc/sys/kernel/hostname")).strip().toLowerCase(Locale.ROOT);
            boolean hasIpv6 = !text(files.apply("/proc/net/if_inet6")).isEmpty();
            Optional<ResolvConf> conf = ResolvConf.parse(text(servers), ownName, hasIpv6, port);
            Switch nss = new Switch();
            boolean isKnown = conf.isPresent()
                    && !ownName.isEmpty()
                    && nss.takes(text(files.apply("/etc/nsswitch.conf")))
                    && (!nss.asksResolved || isResolved(conf.get()))
                    && (!nss.asksMulticast || files.apply("/etc/mdns.allow").isEmpty());
            if (!isKnown || !nss.order.contains(Source.DNS)) {
                return Optional.empty();
            }
            String hosts = nss.order.contains(Source.HOSTS) ? text(files.apply("/etc/hosts")) : "";
            return Optional.of(
                    new NameSources(nss.order, hosts.toLowerCase(Locale.ROOT), conf.get(), ownName, hasIpv6));
        } catch (Fault unreadable) {
            return Optional.empty();
        }
    }

    private static String text(Optional<byte[]> content) {
        return new String(content.orElse(new byte[0]), StandardCharsets.ISO_8859_1);
    }

    /**
     * Whether something in the environment changes how the C library or the JVM looks names up: LOCALDOMAIN even when it
     * is empty, and a preloaded library, as that of proxychains, perhaps.
     */
    private static boolean isSpecial(Map<String, String> environment) {
        for (String name : LIBRARY_VARIABLES) {
            if (!environment.getOrDefault(name, "").isEmpty()) {
                return true;
            }
        }
        for (String name : JAVA_VARIABLES) {
            if (environment.getOrDefault(name, "").contains("net.")) {
                return true;
            }
        }
        return environment.containsKey("LOCALDOMAIN");
    }

    private static boolean isResolved(ResolvConf conf) {
        for (var server : conf.servers()) {
            if (!RESOLVED.contains(server.getAddress().getHostAddress())) {
                return false;
            }
        }
        return true;
    }

    /** The line of nsswitch.conf(5) for hosts; {@code files dns} where there is none. */
    private static final class Switch {
        private final List<Source> order = new ArrayList<>();
        private boolean asksResolved;
        private boolean asksMulticast;

        /** Whether all of it was understood. */
        boolean takes(String text) {
            for (StringTokenizer lines = new StringTokenizer(text, "\n"); lines.hasMoreTokens(); ) {
                String line = lines.nextToken().strip();
                int comment = line.indexOf('#');
                String rule = comment < 0 ? line : line.substring(0, comment);
                if (rule.startsWith("hosts:") && !takesSources(rule.substring("hosts:".length()))) {
                    return false;
                }
            }
            if (order.isEmpty()) {
                order.add(Source.HOSTS);
                order.add(Source.DNS);
            }
            return true;
        }

        /** What stands in brackets behind a source that we ask ourselves changes what comes after it. */
        private boolean takesSources(String sources) {
            StringTokenizer words =
                    new StringTokenizer(sources.replace("[", " [ ").replace("]", " ] "));
            boolean isOurs = false;
            boolean isInBrackets = false;
            boolean isChanged = false;
            while (words.hasMoreTokens()) {
                String word = words.nextToken();
                if (word.equals("[") || word.equals("]")) {
                    isInBrackets = word.equals("[");
                    isChanged |= isOurs;
                } else if (!isInBrackets) {
                    if (isChanged || !takesSource(word)) {
                        return false;
                    }
                    isOurs = word.equals("files") || word.equals("dns");
                }
            }
            return true;
        }

        private boolean takesSource(String source) {
            switch (source) {
                case "files" -> add(Source.HOSTS);
                case "dns" -> add(Source.DNS);
                case "resolve" -> {
                    asksResolved = true;
                    add(Source.DNS);
                }
                // They know this machine and its containers, whose names are none that we look up.
                case "myhostname", "mymachines" -> {}
                default -> {
                    asksMulticast |= source.startsWith("mdns");
                    return source.startsWith("mdns");
                }
            }
            return true;
        }

        private void add(Source source) {
            if (!order.contains(source)) {
                order.add(source);
            }
        }
    }

    /** Whether a name is for these sources alone: not this machine's own, nor one of its neighbours'. */
    boolean concern(String name) {
        return name.indexOf('.') > 0
                && !name.endsWith(".local")
                && !name.endsWith(".localhost")
                && !name.endsWith(".localdomain")
                && !name.equals(ownName);
    }

    /** The addresses that hosts(5) gives a name, those of IPv4 first. */
    List<InetAddress> inHosts(String name) {
        List<InetAddress> found = new ArrayList<>();
        int ofIpv4 = 0;
        for (int at = hosts.indexOf(name); at >= 0; at = hosts.indexOf(name, at + 1)) {
            String before = hosts.substring(hosts.lastIndexOf('\n', at) + 1, at);
            boolean isName = isBetweenNames(at - 1) && isBetweenNames(at + name.length()) && before.indexOf('#') < 0;
            StringTokenizer words = new StringTokenizer(before);
            byte[] address = isName && words.hasMoreTokens() ? address(words.nextToken()) : new byte[0];
            if (address.length == 4) {
                found.add(ofIpv4++, DnsMessage.named(name, address));
            } else if (address.length == 16 && hasIpv6) {
                found.add(DnsMessage.named(name, address));
            }
        }
        return found;
    }

    private boolean isBetweenNames(int place) {
        return place < 0 || place >= hosts.length() || hosts.charAt(place) <= ' ' || hosts.charAt(place) == '#';
    }

    private static byte[] address(String text) {
        return Network.address(text).map(InetAddress::getAddress).orElse(new byte[0]);
    }
}
