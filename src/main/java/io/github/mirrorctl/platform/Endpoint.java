package io.github.mirrorctl.platform;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a docker client finds its engine.
 *
 * @param address as {@code DOCKER_HOST} spells it, such as {@code unix:///var/run/docker.sock}
 */
public record Endpoint(String address) {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[0-9.]+|::1|0\\.0\\.0\\.0|::|");

    /** The system's socket, at either of its two names. */
    private static final String SOCKET = "/var/run/docker.sock";

    /** A part of a socket's or pipe's path, and whose engine listens there. */
    private record Mark(String part, Platform platform) {}

    private static final List<Mark> MARKS = List.of(
            new Mark("/.orbstack/", Platform.ORBSTACK),
            new Mark("/.colima/", Platform.COLIMA),
            new Mark("/.rd/", Platform.RANCHER_DESKTOP),
            new Mark("/.docker/desktop/", Platform.DESKTOP_LINUX),
            new Mark("/.docker/run/", Platform.DESKTOP_MAC),
            new Mark("/com.docker.docker/", Platform.DESKTOP_MAC),
            new Mark("/mnt/wsl/docker-desktop/", Platform.DESKTOP_WSL),
            new Mark("/pipe/dockerDesktopWindowsEngine", Platform.DESKTOP_WINDOWS_CONTAINERS),
            new Mark("/pipe/dockerDesktopLinuxEngine", Platform.DESKTOP_WINDOWS),
            new Mark("unix:///run/user/", Platform.ROOTLESS));

    /** Where an engine listens that was told nothing else. */
    static Endpoint usual(Host host) {
        return new Endpoint(EngineApi.usualAddress(host));
    }

    /**
     * Whether the engine runs on another machine, so that no file here is its own. An address of this machine itself may
     * lead into a virtual machine of its own, as those of Desktop do; {@code ssh://} always leads away.
     */
    public boolean isElsewhere() {
        String scheme = address.contains("://") ? address.substring(0, address.indexOf("://")) : "tcp";
        String rest = address.substring(address.contains("://") ? address.indexOf("://") + 3 : 0);
        return switch (scheme) {
            case "unix", "fd" -> false;
            case "npipe" -> !rest.startsWith("//./");
            case "tcp", "http", "https" -> !LOOPBACK.matcher(hostOf(rest)).matches();
            default -> true;
        };
    }

    private static String hostOf(String authority) {
        String host = authority.replaceFirst("/.*", "");
        return host.startsWith("[") ? host.substring(1).replaceFirst("].*", "") : host.replaceFirst(":\\d*$", "");
    }

    /** Whose engine it is, where the path tells; the system's socket can be a link to another one. */
    Optional<Platform> platform(Host host) {
        String path = isSystems()
                ? host.link(SOCKET).map(target -> "unix://" + target).orElse(address)
                : address;
        return marked(path);
    }

    /**
     * Whose engine a client's message speaks of, by the address in it; empty where that may be any. On Windows nearly all
     * engines are Docker Desktop's, at whichever pipe.
     */
    public static Optional<Platform> platformIn(String message) {
        return marked(message)
                .or(() -> message.contains("/pipe/docker") ? Optional.of(Platform.DESKTOP_WINDOWS) : Optional.empty());
    }

    private static Optional<Platform> marked(String text) {
        return MARKS.stream()
                .filter(mark -> text.contains(mark.part()))
                .map(Mark::platform)
                .findFirst();
    }

    private boolean isSystems() {
        return address.equals("unix://" + SOCKET);
    }
}
