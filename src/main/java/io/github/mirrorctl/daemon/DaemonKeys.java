package io.github.mirrorctl.daemon;

import static io.github.mirrorctl.daemon.DaemonKey.Shape.OBJECT;
import static io.github.mirrorctl.daemon.DaemonKey.Shape.OBJECTS;
import static io.github.mirrorctl.daemon.DaemonKey.Shape.OPTIONS;
import static io.github.mirrorctl.daemon.DaemonKey.Shape.OPTIONS_BY_NAME;
import static io.github.mirrorctl.daemon.DaemonKey.Shape.POOLS;
import static io.github.mirrorctl.daemon.DaemonKey.Shape.SIZE;
import static io.github.mirrorctl.daemon.DaemonKey.Shape.SWITCH;
import static io.github.mirrorctl.daemon.DaemonKey.Shape.SWITCHES;
import static io.github.mirrorctl.daemon.DaemonKey.Shape.TEXT;
import static io.github.mirrorctl.daemon.DaemonKey.Shape.TEXTS;
import static io.github.mirrorctl.daemon.DaemonKey.Shape.WHOLE_NUMBER;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of daemon.json that dockerd knows. moby publishes no schema (docker/cli#1922), so each key was given each kind
 * of value on dockerd 20.10.24, 26.1.5 and 28.5.2; what came with 29 is from the field names in moby's
 * {@code daemon/config/config.go} and {@code config_linux.go}. A key that is missing here is worth a warning, never a
 * refusal, since newer engines and vendors' builds may know more.
 */
final class DaemonKeys {
    static final String REGISTRY_MIRRORS = "registry-mirrors";
    /** The one object whose members are keys of their own and yet belong inside it. */
    static final String PROXIES = "proxies";

    private static final Map<String, DaemonKey> KNOWN = new HashMap<>();

    static {
        put(
                TEXT,
                "bip",
                "bridge",
                "cgroup-parent",
                "containerd",
                "containerd-namespace",
                "data-root",
                "default-cgroupns-mode",
                "default-gateway",
                "default-gateway-v6",
                "default-ipc-mode",
                "default-runtime",
                "exec-root",
                "fixed-cidr",
                "fixed-cidr-v6",
                "group",
                "host-gateway-ip",
                "init-path",
                "ip",
                "log-driver",
                "log-level",
                "metrics-addr",
                "pidfile",
                "seccomp-profile",
                "storage-driver",
                "swarm-default-advertise-addr",
                "tlscacert",
                "tlscert",
                "tlskey",
                "userland-proxy-path",
                "userns-remap");
        put(
                SWITCH,
                "cri-containerd",
                "debug",
                "experimental",
                "icc",
                "init",
                "ip-forward",
                "ip-masq",
                "ip6tables",
                "iptables",
                "ipv6",
                "live-restore",
                "no-new-privileges",
                "raw-logs",
                "rootless",
                "selinux-enabled",
                "tls",
                "tlsverify",
                "userland-proxy");
        put(
                WHOLE_NUMBER,
                "cpu-rt-period",
                "cpu-rt-runtime",
                "max-concurrent-downloads",
                "max-concurrent-uploads",
                "max-download-attempts",
                "mtu",
                "network-control-plane-mtu",
                "network-diagnostic-port",
                "shutdown-timeout");
        put(SIZE, "default-shm-size");
        put(
                TEXTS,
                "authorization-plugins",
                "dns",
                "dns-opts",
                "dns-search",
                "exec-opts",
                "hosts",
                "insecure-registries",
                "labels",
                "node-generic-resources",
                REGISTRY_MIRRORS,
                "storage-opts");
        put(POOLS, "default-address-pools");
        put(OPTIONS, "log-opts");
        put(SWITCHES, "features");
        put(OBJECTS, "default-ulimits", "runtimes");
        put(OBJECT, "builder");

        putSince(23, 0, OBJECT, PROXIES);
        putSince(24, 0, OPTIONS_BY_NAME, "default-network-opts");
        putSince(25, 0, TEXTS, "cdi-spec-dirs");
        putSince(25, 0, TEXT, "log-format");
        putSince(28, 0, TEXT, "bip6");
        putSince(28, 0, TEXTS, "host-gateway-ips");
        putSince(28, 0, SWITCH, "ip-forward-no-drop");
        putSince(28, 2, SWITCH, "allow-direct-routing");
        putSince(29, 0, TEXT, "bridge-accept-fwmark");
        putSince(29, 0, TEXT, "firewall-backend");
        putSince(29, 0, TEXT, "min-api-version");
        putSince(29, 0, OBJECT, "nri-opts");

        putUntil(23, true, TEXT, "cluster-advertise", "cluster-store", "graph");
        putUntil(23, true, OPTIONS, "cluster-store-opts");
        putUntil(23, false, TEXT, "deprecated-key-path");
        putUntil(25, true, WHOLE_NUMBER, "oom-score-adjust");
        putUntil(28, true, TEXT, "api-cors-header");
        putUntil(28, false, TEXTS, "allow-nondistributable-artifacts");
    }

    /** Names of flags that pass dockerd's check of unknown keys and are then ignored, and the key that was meant. */
    private static final Map<String, String> IGNORED_FLAGS = Map.ofEntries(
            Map.entry("registry-mirror", REGISTRY_MIRRORS),
            Map.entry("insecure-registry", "insecure-registries"),
            Map.entry("authorization-plugin", "authorization-plugins"),
            Map.entry("cdi-spec-dir", "cdi-spec-dirs"),
            Map.entry("containerd-plugins-namespace", ""),
            Map.entry("default-address-pool", "default-address-pools"),
            Map.entry("default-network-opt", "default-network-opts"),
            Map.entry("default-ulimit", "default-ulimits"),
            Map.entry("dns-opt", "dns-opts"),
            Map.entry("exec-opt", "exec-opts"),
            Map.entry("feature", "features"),
            Map.entry("help", ""),
            Map.entry("host", "hosts"),
            Map.entry("label", "labels"),
            Map.entry("log-opt", "log-opts"),
            Map.entry("node-generic-resource", "node-generic-resources"),
            Map.entry("storage-opt", "storage-opts"),
            Map.entry("add-runtime", "runtimes"),
            Map.entry("version", ""));

    /** Flags for which the file has a place inside {@link #PROXIES}; outside it they are ignored. */
    private static final Set<String> OF_PROXIES = Set.of("http-proxy", "https-proxy", "no-proxy");

    /** Objects that dockerd takes whole; of all others it checks the members as if they stood at the top level. */
    private static final Set<String> TAKEN_WHOLE = Set.of(
            "builder",
            "cluster-store-opts",
            "default-network-opts",
            "default-ulimits",
            "features",
            "log-opts",
            "nri-opts",
            "runtimes");

    private DaemonKeys() {}

    private static void put(DaemonKey.Shape shape, String... names) {
        for (String name : names) {
            KNOWN.put(name, new DaemonKey(name, shape, Optional.empty(), Optional.empty()));
        }
    }

    private static void putSince(int major, int minor, DaemonKey.Shape shape, String name) {
        KNOWN.put(name, new DaemonKey(name, shape, Optional.of(EngineVersion.of(major, minor)), Optional.empty()));
    }

    private static void putUntil(int major, boolean isRefused, DaemonKey.Shape shape, String... names) {
        DaemonKey.End end = new DaemonKey.End(EngineVersion.of(major, 0), isRefused);
        for (String name : names) {
            KNOWN.put(name, new DaemonKey(name, shape, Optional.empty(), Optional.of(end)));
        }
    }

    static Optional<DaemonKey> known(String name) {
        return Optional.ofNullable(KNOWN.get(name));
    }

    /** The first version that was measured, and each that knows other keys than the one before. */
    static Set<EngineVersion> versions() {
        Set<EngineVersion> versions = new TreeSet<>(Set.of(EngineVersion.of(20, 10)));
        for (DaemonKey key : KNOWN.values()) {
            key.since().ifPresent(versions::add);
            key.end().map(DaemonKey.End::version).ifPresent(versions::add);
        }
        return versions;
    }

    /**
     * Where this is the name of a flag that the file ignores: the key that was meant, or an empty name where the file has
     * none for it.
     */
    static Optional<String> meantByFlag(String name) {
        return Optional.ofNullable(IGNORED_FLAGS.get(name));
    }

    /** The key that differs only by case or by underscores. dockerd compares exactly. */
    static Optional<String> meantBySpelling(String name) {
        String usual = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return KNOWN.containsKey(usual) && !usual.equals(name) ? Optional.of(usual) : Optional.empty();
    }

    static boolean belongsIntoProxies(String name) {
        return OF_PROXIES.contains(name);
    }

    static boolean isTakenWhole(String name) {
        return TAKEN_WHOLE.contains(name);
    }
}
