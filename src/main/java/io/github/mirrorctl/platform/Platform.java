package io.github.mirrorctl.platform;

import static io.github.mirrorctl.platform.OperatingSystem.LINUX;
import static io.github.mirrorctl.platform.OperatingSystem.MACOS;
import static io.github.mirrorctl.platform.OperatingSystem.WINDOWS;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The ways in which an engine is installed: where it reads its mirrors, and which commands make it take new ones.
 *
 * <p>They stand in the order in which they are looked for, and the order matters:
 *
 * <ol>
 *   <li>what belongs to the user alone comes before what belongs to the machine, since a client that has both talks to
 *       the user's; a rootless engine before Desktop, whose folder stays behind when it is removed;
 *   <li>the snap before systemd, which runs it and would be found everywhere;
 *   <li>a running systemd before init scripts, which packages install beside their units;
 *   <li>OpenRC and Upstart before SysV, whose script they have as well.
 * </ol>
 *
 * Where systemd is installed but does not run, as in a container or in WSL, an init script is what works.
 */
@SuppressWarnings("ImmutableEnumChecker") // It cannot see that the functions keep no state and the lists are List.of.
public enum Platform {
    ROOTLESS(
            host -> host.os() == LINUX && !host.isRoot() && hasRootlessEngine(host),
            host -> ConfigTarget.daemonJson(host, configHome(host) + "/docker/daemon.json"),
            "systemctl --user reload docker",
            "systemctl --user restart docker"),
    DESKTOP_LINUX(
            host -> host.os() == LINUX && !host.isRoot() && host.exists(inHome(host, ".docker", "desktop")),
            Platform::desktopFile,
            "docker desktop restart"),
    DESKTOP_MAC(host -> host.os() == MACOS && mayHaveDesktop(host), Platform::desktopFile, "docker desktop restart"),
    WINDOWS_ENGINE(
            host -> host.os() == WINDOWS
                    && host.exists(programData(host) + "\\docker\\config")
                    && !hasWindowsDesktop(host),
            host -> ConfigTarget.daemonJson(host, programData(host) + "\\docker\\config\\daemon.json"),
            "Restart-Service docker"),
    DESKTOP_WINDOWS(
            host -> host.os() == WINDOWS && mayHaveDesktop(host), Platform::desktopFile, "docker desktop restart"),
    SNAP(
            host -> host.os() == LINUX && host.exists("/var/snap/docker/current") && !host.exists("/usr/bin/dockerd"),
            host -> ConfigTarget.daemonJson(host, "/var/snap/docker/current/config/daemon.json"),
            "sudo snap restart docker"),
    SYSTEMD(
            host -> host.os() == LINUX && runsSystemd(host),
            Platform::systemFile,
            "sudo systemctl reload docker",
            "sudo systemctl restart docker"),
    OPENRC(
            host -> host.os() == LINUX
                    && (host.exists("/run/openrc") || host.exists("/sbin/openrc-run"))
                    && host.exists("/etc/init.d/docker"),
            Platform::systemFile,
            "sudo rc-service docker reload",
            "sudo rc-service docker restart"),
    UPSTART(
            host -> host.os() == LINUX && host.exists("/sbin/initctl") && host.exists("/etc/init/docker.conf"),
            host -> ConfigTarget.dockerOpts(host, "/etc/default/docker", "DOCKER_OPTS"),
            "sudo service docker restart"),
    SYSV(
            host -> host.os() == LINUX && host.exists("/etc/init.d/docker"),
            Platform::sysvFile,
            "sudo service docker restart");

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final Predicate<Host> isOn;
    private final Function<Host, ConfigTarget> target;
    private final List<String> commands;
    private final List<String> fallbackCommands;

    Platform(Predicate<Host> isOn, Function<Host, ConfigTarget> target, String command, String... fallback) {
        this.isOn = isOn;
        this.target = target;
        this.commands = List.of(command);
        this.fallbackCommands = List.of(fallback);
    }

    /**
     * Finds the platform from what lies on the machine; runs nothing. Empty where nothing tells, or where the engine is
     * Docker Desktop's on the Windows side of WSL, whose file this side cannot name. Below {@code --root} systemd is
     * what remains.
     */
    public static Optional<Platform> detect(Host host) {
        if (host.os() == LINUX && host.exists("/mnt/wsl/docker-desktop") && !host.exists("/usr/bin/dockerd")) {
            return Optional.empty();
        }
        return Arrays.stream(values())
                .filter(platform -> platform.isOn.test(host))
                .findFirst()
                .or(() -> host.isRooted() || (host.os() == LINUX && hasUnit(host))
                        ? Optional.of(SYSTEMD)
                        : Optional.empty());
    }

    /** The platform of a name such as {@code desktop-mac}. */
    public static Optional<Platform> named(String key) {
        return Arrays.stream(values())
                .filter(platform -> platform.key.equals(key))
                .findFirst();
    }

    /** As the command line and JSON spell it. */
    public String key() {
        return key;
    }

    /** The file in which this platform's mirrors usually stand; it need not exist. */
    public ConfigTarget target(Host host) {
        return target.apply(host);
    }

    /**
     * The engine's JSON file: the same as {@link #target}, or, where that is a file of flags, the other place where the
     * mirrors may already stand.
     */
    public ConfigTarget daemonJson(Host host) {
        ConfigTarget usual = target(host);
        return usual.format() == ConfigTarget.Format.DAEMON_JSON ? usual : systemFile(host);
    }

    /** What makes the engine take a changed file, ready to paste, in order. */
    public List<String> commands() {
        return commands;
    }

    /** The restart, where {@link #commands} only reload; empty where they restart already. */
    public List<String> fallbackCommands() {
        return fallbackCommands;
    }

    /** What starts an engine that does not run. */
    public String startCommand() {
        String restart = fallbackCommands.isEmpty() ? commands.get(0) : fallbackCommands.get(0);
        return restart.replace("Restart-", "Start-").replace("restart", "start");
    }

    private static ConfigTarget systemFile(Host host) {
        return ConfigTarget.daemonJson(host, "/etc/docker/daemon.json");
    }

    private static ConfigTarget desktopFile(Host host) {
        return ConfigTarget.daemonJson(host, inHome(host, ".docker", "daemon.json"));
    }

    /**
     * Red Hat's init script has a file and a variable of its own:
     * https://github.com/moby/moby/blob/v24.0.0/contrib/init/sysvinit-redhat/docker#L32
     */
    private static ConfigTarget sysvFile(Host host) {
        return host.exists("/etc/sysconfig/docker") && !host.exists("/etc/default/docker")
                ? ConfigTarget.dockerOpts(host, "/etc/sysconfig/docker", "other_args")
                : ConfigTarget.dockerOpts(host, "/etc/default/docker", "DOCKER_OPTS");
    }

    /** Nothing runs below {@code --root}: there the installed unit says that systemd will. */
    private static boolean runsSystemd(Host host) {
        return host.exists("/run/systemd/system") || (host.isRooted() && hasUnit(host));
    }

    private static boolean hasUnit(Host host) {
        return Stream.of("/etc", "/usr/lib", "/lib")
                .anyMatch(folder -> host.exists(folder + "/systemd/system/docker.service"));
    }

    private static boolean hasRootlessEngine(Host host) {
        return host.environment("XDG_RUNTIME_DIR")
                        .map(folder -> host.exists(folder + "/docker.sock"))
                        .orElse(false)
                || host.exists(configHome(host) + "/systemd/user/docker.service");
    }

    /** The XDG specification has relative values ignored. */
    private static String configHome(Host host) {
        return host.environment("XDG_CONFIG_HOME")
                .filter(folder -> folder.startsWith("/"))
                .orElseGet(() -> inHome(host, ".config"));
    }

    /** Desktop is what a Mac or a Windows machine has; a tree below {@code --root} must show a trace of it. */
    private static boolean mayHaveDesktop(Host host) {
        return !host.isRooted() || host.exists(inHome(host, ".docker"));
    }

    private static boolean hasWindowsDesktop(Host host) {
        String programs = host.environment("ProgramFiles").orElse("C:\\Program Files");
        return host.exists(programs + "\\Docker\\Docker") || host.exists(inHome(host, ".docker", "desktop"));
    }

    private static String programData(Host host) {
        return host.environment("ProgramData").orElse("C:\\ProgramData");
    }

    private static String inHome(Host host, String... names) {
        String separator = host.root().getFileSystem().getSeparator();
        return host.homeFolder() + separator + String.join(separator, names);
    }
}
