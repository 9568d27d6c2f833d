package io.github.mirrorctl.daemon;

import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.Network;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code docker info} or the engine's {@code GET /info} says. Reading never fails: the result says what was found, and
 * {@link #trouble} why nothing more was.
 *
 * @param mirrors empty where the text is no answer of a running daemon, or one of those that do not show them; an empty
 *     list where the daemon has no mirrors
 * @param version the daemon's version
 * @param rootless empty where the text does not say
 * @param imageStore empty where the text does not say
 * @param rootFolder where the daemon keeps its images, which tells a snap's daemon from others
 * @param proxies what the daemon pulls through; engines from 19.03 on put {@code xxxxx} in the place of logins
 * @param insecure addresses and networks whose certificates the daemon does not check
 * @param words the daemon's own on a {@link Trouble#SERVER_ERROR}; empty otherwise
 */
public record DockerInfo(
        Optional<List<String>> mirrors,
        Optional<String> version,
        Optional<String> operatingSystem,
        Optional<Boolean> rootless,
        Optional<ImageStore> imageStore,
        Optional<String> rootFolder,
        ProxySettings proxies,
        List<String> insecure,
        Trouble trouble,
        String words) {

    /** The driver type by which the containerd store shows itself (moby's {@code daemon/containerd/service.go}). */
    static final String CONTAINERD_DRIVER = "io.containerd.snapshotter.v1";

    private static final List<Network> LOOPBACK = Stream.of("127.0.0.0/8", "::1/128")
            .map(network -> Network.parse(network).orElseThrow())
            .toList();

    /** What is wrong with the text as an answer of a running daemon. */
    public enum Trouble {
        NONE,
        /** Nothing listens where the client looked. */
        DAEMON_DOWN,
        /** The user may not use the daemon's socket. */
        PERMISSION_DENIED,
        /** Docker Desktop is paused. */
        DESKTOP_PAUSED,
        /** The client answered and the daemon's part is missing; the reason went to the client's stderr. */
        SERVER_MISSING,
        /** The daemon answered with an error of another sort. */
        SERVER_ERROR,
        /** There is no docker command. */
        NO_CLIENT,
        /** It is podman that answers to the name of docker. */
        PODMAN,
        /** Engines before 1.13 do not show their mirrors in this text, so that none shown says nothing. */
        MIRRORS_NOT_SHOWN,
        /** The text ends before the place where the mirrors stand. */
        INFO_CUT,
        /** Something else altogether. */
        NOT_DOCKER_INFO;

        private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** Lower-case words joined by hyphens, such as {@code daemon-down}. */
        public String key() {
            return key;
        }
    }

    public DockerInfo {
        mirrors = mirrors.map(List::copyOf);
        insecure = List.copyOf(insecure);
    }

    /**
     * Whether the classic store leaves the certificate at an address unchecked, as far as that shows without resolving its
     * name ({@code isSecureIndex} in moby's {@code daemon/pkg/registry/config.go}). Loopback is so always.
     *
     * @param authority the host as it is spelled, with the port where one is
     */
    public boolean isInsecure(String authority) {
        String host = authority.replaceFirst(":\\d*$", "").replaceAll("[\\[\\]]", "");
        return insecure.contains(authority)
                || isInInsecureNetwork(host)
                || LOOPBACK.stream().anyMatch(network -> network.contains(host));
    }

    /** Whether a host is this machine, or by its address in a network whose certificates the daemon does not check. */
    public boolean isInInsecureNetwork(String host) {
        return host.equals("localhost")
                || insecure.stream()
                        .flatMap(item -> Network.parse(item).stream())
                        .anyMatch(network -> network.contains(host));
    }

    /** The version where it can be compared; empty too where the daemon spells it as nobody else does. */
    public Optional<EngineVersion> engineVersion() {
        return version.flatMap(EngineVersion::parse);
    }

    /**
     * Reads the text of every engine since 1.13, or JSON: the whole info, its {@code RegistryConfig}, or the list of
     * mirrors alone. A {@code null} alone is what clients from 23.0 on print where no daemon answers. Text on stderr may be joined to it.
     */
    public static DockerInfo parse(String text) {
        return DockerInfoJson.parse(text).orElseGet(() -> DockerInfoText.parse(text));
    }

    /** Where there was no text to read, for a reason that is known already. */
    public static DockerInfo unasked() {
        return unreadable(Trouble.NONE);
    }

    static DockerInfo ofMirrors(List<String> mirrors) {
        return bare(Optional.of(mirrors), Trouble.NONE, "");
    }

    static DockerInfo unreadable(Trouble trouble) {
        return unreadable(trouble, "");
    }

    static DockerInfo unreadable(Trouble trouble, String words) {
        return bare(Optional.empty(), trouble, words);
    }

    private static DockerInfo bare(Optional<List<String>> mirrors, Trouble trouble, String words) {
        return new DockerInfo(
                mirrors,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ProxySettings.NONE,
                List.of(),
                trouble,
                words);
    }
}
