package io.github.mirrorctl.daemon;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of daemon.json that dockerd knows, from the field names in moby's {@code daemon/config/config.go},
 * {@code config_linux.go} and {@code config_windows.go} of 29.x. moby publishes no schema (docker/cli#1922). A newer engine
 * may know more, so a key that is missing here is worth a warning, never a refusal.
 */
final class DaemonKeys {
    static final String REGISTRY_MIRRORS = "registry-mirrors";

    private static final Set<String> KNOWN = Set.of(
            "allow-direct-routing",
            "allow-nondistributable-artifacts",
            "authorization-plugins",
            "bip",
            "bip6",
            "bridge",
            "bridge-accept-fwmark",
            "builder",
            "cdi-spec-dirs",
            "cgroup-parent",
            "containerd",
            "containerd-namespace",
            "containerd-plugin-namespace",
            "cpu-rt-period",
            "cpu-rt-runtime",
            "cri-containerd",
            "data-root",
            "debug",
            "default-address-pools",
            "default-cgroupns-mode",
            "default-gateway",
            "default-gateway-v6",
            "default-init",
            "default-ipc-mode",
            "default-network-opts",
            "default-runtime",
            "default-shm-size",
            "default-stop-timeout",
            "default-ulimits",
            "deprecated-key-path",
            "dns",
            "dns-opts",
            "dns-search",
            "exec-opts",
            "exec-root",
            "experimental",
            "features",
            "firewall-backend",
            "fixed-cidr",
            "fixed-cidr-v6",
            "group",
            "host-gateway-ip",
            "host-gateway-ips",
            "hosts",
            "http-proxy",
            "https-proxy",
            "icc",
            "init",
            "init-path",
            "insecure-registries",
            "ip",
            "ip-forward",
            "ip-forward-no-drop",
            "ip-masq",
            "ip6tables",
            "iptables",
            "ipv6",
            "labels",
            "live-restore",
            "log-driver",
            "log-format",
            "log-level",
            "log-opts",
            "max-concurrent-downloads",
            "max-concurrent-uploads",
            "max-download-attempts",
            "metrics-addr",
            "min-api-version",
            "mtu",
            "network-control-plane-mtu",
            "network-diagnostic-port",
            "no-new-privileges",
            "no-proxy",
            "node-generic-resources",
            "nri-opts",
            "pidfile",
            "proxies",
            "raw-logs",
            REGISTRY_MIRRORS,
            "resolv-conf",
            "rootless",
            "runtimes",
            "seccomp-profile",
            "selinux-enabled",
            "shutdown-timeout",
            "storage-driver",
            "storage-opts",
            "swarm-default-advertise-addr",
            "swarm-raft-election-tick",
            "swarm-raft-heartbeat-tick",
            "tls",
            "tlscacert",
            "tlscert",
            "tlskey",
            "tlsverify",
            "userland-proxy",
            "userland-proxy-path",
            "userns-remap");

    /** Names of flags that pass dockerd's check of unknown keys and are then ignored, and the key that was meant. */
    private static final Map<String, String> IGNORED_FLAGS = Map.ofEntries(
            Map.entry("registry-mirror", REGISTRY_MIRRORS),
            Map.entry("insecure-registry", "insecure-registries"),
            Map.entry("authorization-plugin", "authorization-plugins"),
            Map.entry("cdi-spec-dir", "cdi-spec-dirs"),
            Map.entry("default-address-pool", "default-address-pools"),
            Map.entry("default-network-opt", "default-network-opts"),
            Map.entry("default-ulimit", "default-ulimits"),
            Map.entry("dns-opt", "dns-opts"),
            Map.entry("exec-opt", "exec-opts"),
            Map.entry("host", "hosts"),
            Map.entry("label", "labels"),
            Map.entry("log-opt", "log-opts"),
            Map.entry("node-generic-resource", "node-generic-resources"),
            Map.entry("storage-opt", "storage-opts"),
            Map.entry("add-runtime", "runtimes"));

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

    static boolean isKnown(String key) {
        return KNOWN.contains(key);
    }

    /** The key that works, where this is the name of a flag that the file ignores. */
    static Optional<String> meantByFlag(String key) {
        return Optional.ofNullable(IGNORED_FLAGS.get(key));
    }

    /** The key that differs only by case or by underscores. dockerd compares exactly. */
    static Optional<String> meantBySpelling(String key) {
        String usual = key.toLowerCase(Locale.ROOT).replace('_', '-');
        return isKnown(usual) && !usual.equals(key) ? Optional.of(usual) : Optional.empty();
    }

    static boolean isTakenWhole(String key) {
        return TAKEN_WHOLE.contains(key);
    }
}
