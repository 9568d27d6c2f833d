package io.github.mirrorctl.registry;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds the addresses of a host: itself where this machine's files say how, since nothing ends the C library's search, for
 * which the JVM waits 0.3 s when it ends; else with the C library. Remembers what it found, as the JVM does. Safe for use
 * by many threads.
 */
public final class Resolver {
    /** The C library's, on any system. */
    public static final Resolver SYSTEM = new Resolver(file -> Optional.empty(), Map.of());

    private static final int PORT = 53;

    private final Function<String, Optional<byte[]>> files;
    private final Map<String, String> environment;
    private final int port;
    private final Map<String, InetAddress[]> known = new ConcurrentHashMap<>();
    private boolean isPrepared;
    private Optional<Ways> ways = Optional.empty();

    /** What the machine's files say, and whom they say to ask. */
    private record Ways(NameSources sources, NameServers servers) {
        Ways(NameSources sources) {
            this(sources, new NameServers(sources.conf(), sources.hasIpv6()));
        }
    }

    /**
     * That of a Linux.
     *
     * @param files a file's bytes by its path, empty where there is none; not asked before a name is to be resolved
     * @param environment the environment variables
     */
    public Resolver(Function<String, Optional<byte[]>> files, Map<String, String> environment) {
        this(files, environment, PORT);
    }

    /** @param port of the name servers */
    Resolver(Function<String, Optional<byte[]>> files, Map<String, String> environment, int port) {
        this.files = files;
        this.environment = Map.copyOf(environment);
        this.port = port;
    }

    /**
     * The addresses of a host, those of IPv4 first, which is the JVM's order. An address is its own.
     *
     * @param opened is told of every socket before it waits for anything, so that it can be closed at any time
     * @throws UnknownHostException where there are none, or nobody knows
     * @throws java.net.SocketTimeoutException at the deadline; the C library does not heed it
     */
    InetAddress[] resolve(String host, Deadline deadline, Consumer<? super Closeable> opened) throws IOException {
        InetAddress[] before = known.get(host);
        if (before != null) {
            return before.clone();
        }
        boolean isAbsolute = host.endsWith(".");
        String name = isAbsolute ? host.substring(0, host.length() - 1) : host;
        Optional<Ways> ours = isForDns(name) ? ways() : Optional.empty();
        if (ours.isEmpty() || !ours.get().sources().concern(name)) {
            return InetAddress.getAllByName(host);
        }
        List<String> names =
                isAbsolute ? List.of(name) : ours.get().sources().conf().names(name);
        Optional<List<InetAddress>> found = lookUp(ours.get(), name, names, deadline, opened);
        if (found.isEmpty()) {
            return InetAddress.getAllByName(host);
        }
        InetAddress[] addresses = found.get().toArray(new InetAddress[0]);
        if (addresses.length == 0) {
            throw new UnknownHostException(host);
        }
        known.put(host, addresses);
        return addresses.clone();
    }

    /** Whether it is a name with a dot: a last label that begins with a digit makes an address, however odd. */
    static boolean isForDns(String name) {
        int last = name.lastIndexOf('.') + 1;
        return last > 0 && DnsMessage.isName(name) && name.charAt(last) >= 'a';
    }

    /** Begins in the background to get ready for names. */
    void prepare() {
        Thread thread = new Thread(() -> ways().ifPresent(ours -> NameServers.warmUp()), "names");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized Optional<Ways> ways() {
        if (!isPrepared) {
            isPrepared = true;
            ways = NameSources.of(files, environment, port).map(Ways::new);
        }
        return ways;
    }

    /** The addresses, or none; empty where the C library may make more of what the servers say. */
    private static Optional<List<InetAddress>> lookUp(
            Ways ours, String name, List<String> names, Deadline deadline, Consumer<? super Closeable> opened)
            throws IOException {
        boolean isUnclear = false;
        for (NameSources.Source source : ours.sources().order()) {
            if (source == NameSources.Source.HOSTS) {
                List<InetAddress> found = ours.sources().inHosts(name);
                if (!found.isEmpty()) {
                    return Optional.of(found);
                }
                continue;
            }
            for (String asked : names) {
                DnsMessage.Answer answer = ours.servers().ask(asked, deadline, opened);
                if (!answer.addresses().isEmpty()) {
                    return Optional.of(answer.addresses());
                }
                isUnclear |= answer.outcome() == DnsMessage.Outcome.UNCLEAR;
            }
        }
        return isUnclear ? Optional.empty() : Optional.of(List.of());
    }
}
