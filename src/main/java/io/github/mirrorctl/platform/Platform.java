package io.github.mirrorctl.platform;

import static io.github.mirrorctl.platform.OperatingSystem.LINUX;
import static io.github.mirrorctl.platform.OperatingSystem.MACOS;
import static io.github.mirrorctl.platform.OperatingSystem.WINDOWS;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The ways in which an engine is installed: where it reads its mirrors, and which commands make it take new ones. Each
 * one's evidence stands beside it.
 *
 * <p>They stand in the order in which they are looked for where the docker client names no engine, and the order matters:
 *
 * <ol>
 *   <li>what belongs to the user alone comes before what belongs to the machine, since a client that has both talks to
 *       the user's; a rootless engine before Desktop, whose folder stays behind when it is removed;
 *   <li>appliances and the snap before systemd, which runs them and would be found everywhere;
 *   <li>a running systemd before init scripts, which packages install beside their units;
 *   <li>OpenRC and Upstart before SysV, whose script they have as well.
 * </ol>
 *
 * Where systemd is installed but does not run, as in a container or in WSL, an init script is what works.
 */
@SuppressWarnings("ImmutableEnumChecker") // It cannot see that the functions keep no state and the lists are List.of.
public enum Platform {
    /**
     * An engine of one user's: https://github.com/moby/moby/blob/docker-v29.7.2/daemon/command/daemon_unix.go#L23-L43,
     * and for the unit https://github.com/moby/moby/blob/docker-v29.7.2/contrib/dockerd-rootless-setuptool.sh#L350
     */
    ROOTLESS(
            host -> host.os() == LINUX && !host.isRoot() && hasRootlessEngine(host),
            host -> ConfigTarget.daemonJson(host, configHome(host) + "/docker/daemon.json"),
            "systemctl --user reload docker",
            "systemctl --user restart docker"),
    /**
     * https://docs.docker.com/desktop/settings-and-maintenance/settings/#docker-engine, and for the command, which
     * Desktop has since 4.37, https://docs.docker.com/reference/cli/docker/desktop/restart/
     */
    DESKTOP_LINUX(
            host -> host.os() == LINUX && !host.isRoot() && host.exists(inHome(host, ".docker", "desktop")),
            Platform::desktopFile,
            "docker desktop restart"),
    /**
     * Docker Desktop on the Windows side of WSL, whose folder there this side cannot name: a distribution that Desktop
     * serves has its client as a link to that place, and no daemon
     * (https://github.com/docker/for-win/issues/6441). One with a daemon of its own is {@link #SYSTEMD} or {@link #SYSV}.
     */
    DESKTOP_WSL(
            host -> host.os() == LINUX && isServedByDesktop(host) && !host.exists("/usr/bin/dockerd"),
            host -> desktopSettings(host, "daemon.json"),
            "docker.exe desktop restart"),
    /**
     * https://docs.orbstack.dev/docker/#engine-config; file and command together in
     * https://github.com/orbstack/orbstack/issues/1797
     */
    ORBSTACK(
            host -> host.os() == MACOS && !hasMacDesktop(host) && host.exists(inHome(host, ".orbstack")),
            host -> ConfigTarget.daemonJson(host, inHome(host, ".orbstack", "config", "docker.json")),
            "orb restart docker"),
    /**
     * The engine's file in the virtual machine is made anew from this one:
     * https://github.com/abiosoft/colima/blob/0169975252a7e96e00091c8c94c8c72a265f63f6/docs/FAQ.md#L249-L306
     */
    COLIMA(
            host -> isForVirtualMachines(host) && host.exists(colimaFile(host)),
            host -> ConfigTarget.byHand(host, colimaFile(host), ConfigTarget.Format.COLIMA_YAML),
            "colima restart"),
    /**
     * It has no setting for mirrors (https://github.com/rancher-sandbox/rancher-desktop/issues/719) and merges its own
     * keys into the file that a provisioning script leaves in its virtual machine:
     * https://docs.rancherdesktop.io/how-to-guides/provisioning-scripts and
     * https://docs.rancherdesktop.io/how-to-guides/mirror-private-registry
     */
    RANCHER_DESKTOP(
            host -> (isForVirtualMachines(host) || (host.os() == WINDOWS && !hasWindowsDesktop(host)))
                    && host.exists(rancherFolder(host)),
            Platform::rancherFile,
            List.of("rdctl shutdown", "rdctl start")),
    /** As {@link #DESKTOP_LINUX}. */
    DESKTOP_MAC(host -> host.os() == MACOS && mayHaveDesktop(host), Platform::desktopFile, "docker desktop restart"),
    /**
     * The daemon that runs as the service {@code docker}:
     * https://github.com/moby/moby/blob/docker-v29.7.2/daemon/command/daemon_windows.go
     */
    WINDOWS_ENGINE(
            host -> host.os() == WINDOWS
                    && host.exists(programData(host) + "\\docker\\config")
                    && !hasWindowsDesktop(host),
            host -> ConfigTarget.daemonJson(host, programData(host) + "\\docker\\config\\daemon.json"),
            "Restart-Service docker"),
    /**
     * Docker Desktop switched to Windows containers. It keeps a file of its own for that daemon, but writes it anew from
     * its settings (https://github.com/docker/for-win/issues/473 and https://github.com/docker/for-win/issues/14411),
     * so they are the place.
     */
    DESKTOP_WINDOWS_CONTAINERS(
            host -> false, host -> desktopSettings(host, "windows-daemon.json"), "docker desktop restart"),
    /** As {@link #DESKTOP_LINUX}; the user writes this file without elevation. */
    DESKTOP_WINDOWS(
            host -> host.os() == WINDOWS && mayHaveDesktop(host), Platform::desktopFile, "docker desktop restart"),
    /**
     * DSM from 7.2 on:
     * https://gist.github.com/styblope/dc55e0ad2a9848f2cc3307d4819d819f?permalink_comment_id=4697063
     */
    SYNOLOGY(
            host -> host.os() == LINUX && host.exists("/var/packages/ContainerManager"),
            host -> ConfigTarget.daemonJson(host, "/var/packages/ContainerManager/etc/dockerd.json"),
            "sudo systemctl restart pkg-ContainerManager-dockerd"),
    /** DSM before 7.2, whose package has another name. */
    SYNOLOGY_DOCKER(
            host -> host.os() == LINUX && host.exists("/var/packages/Docker"),
            host -> ConfigTarget.daemonJson(host, "/var/packages/Docker/etc/dockerd.json"),
            "sudo synoservice --restart pkgctl-Docker"),
    /**
     * Container Station. QNAP documents neither file nor command; owners' guides agree on both, and on the list of
     * packages as the place that names the volume.
     */
    QNAP(
            host -> host.os() == LINUX && host.exists(containerStation(host) + "/etc"),
            host -> ConfigTarget.daemonJson(host, containerStation(host) + "/etc/docker.json"),
            "/etc/init.d/container-station.sh restart"),
    /**
     * The init script makes the engine's file from UCI unless that names another one or is missing:
     * https://github.com/openwrt/packages/blob/0a969afabc466593adc9fd3ca9f8923fc254e97b/utils/dockerd/files/dockerd.init
     */
    OPENWRT(
            host -> host.os() == LINUX && host.exists("/etc/openwrt_release") && host.exists("/etc/init.d/dockerd"),
            Platform::openWrtFile,
            "/etc/init.d/dockerd restart"),
    /** https://github.com/robnew/docker-snap-config */
    SNAP(
            host -> host.os() == LINUX && host.exists("/var/snap/docker/current") && !host.exists("/usr/bin/dockerd"),
            host -> ConfigTarget.daemonJson(host, "/var/snap/docker/current/config/daemon.json"),
            "sudo snap restart docker"),
    /**
     * https://github.com/moby/moby/blob/docker-v29.7.2/contrib/init/systemd/docker.service#L15-L16. The unit of Debian's
     * and Ubuntu's own package reads {@code /etc/default/docker} as well, which reading the unit tells.
     */
    SYSTEMD(
            host -> host.os() == LINUX && runsSystemd(host),
            Platform::systemFile,
            "sudo systemctl reload docker",
            "sudo systemctl restart docker"),
    /** https://github.com/moby/moby/blob/docker-v29.7.2/contrib/init/openrc/docker.initd#L28-L31 */
    OPENRC(
            host -> host.os() == LINUX
                    && (host.exists("/run/openrc") || host.exists("/sbin/openrc-run"))
                    && host.exists("/etc/init.d/docker"),
            Platform::systemFile,
            "sudo rc-service docker reload",
            "sudo rc-service docker restart"),
    /** https://github.com/moby/moby/blob/v24.0.0/contrib/init/upstart/docker.conf */
    UPSTART(
            host -> host.os() == LINUX && host.exists("/sbin/initctl") && host.exists("/etc/init/docker.conf"),
            host -> ConfigTarget.dockerOpts(host, "/etc/default/docker", "DOCKER_OPTS"),
            "sudo service docker restart"),
    /** https://github.com/moby/moby/blob/docker-v29.7.2/contrib/init/sysvinit-debian/docker#L31-L80 */
    SYSV(
            host -> host.os() == LINUX && host.exists("/etc/init.d/docker"),
            Platform::sysvFile,
            "sudo service docker restart");

    /** Those that a user's client talks to instead of the machine's engine. */
    private static final Set<Platform> OF_A_USER = EnumSet.of(ROOTLESS, DESKTOP_LINUX, COLIMA, RANCHER_DESKTOP);

    private static final Set<Platform> DESKTOP = EnumSet.of(DESKTOP_LINUX, DESKTOP_MAC, DESKTOP_WINDOWS);

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final Predicate<Host> isOn;
    private final Function<Host, ConfigTarget> target;
    private final List<String> commands;
    private final List<String> fallbackCommands;

    Platform(Predicate<Host> isOn, Function<Host, ConfigTarget> target, String command, String... fallback) {
        this(isOn, target, List.of(command), fallback);
    }

    Platform(Predicate<Host> isOn, Function<Host, ConfigTarget> target, List<String> commands, String... fallback) {
        this.isOn = isOn;
        this.target = target;
        this.commands = commands;
        this.fallbackCommands = List.of(fallback);
    }

    /** Finds the platform where the docker client's settings name no engine. */
    public static Optional<Platform> detect(Host host) {
        return detect(host, Optional.empty());
    }

    /**
     * Finds the platform from what lies on the machine; runs nothing. Empty where nothing tells. Below {@code --root}
     * systemd is what remains.
     *
     * @param endpoint the engine that the docker client's settings name; empty where they name none, and of no account
     *     below {@code --root}
     */
    public static Optional<Platform> detect(Host host, Optional<Endpoint> endpoint) {
        Optional<Endpoint> named = endpoint.filter(e -> !host.isRooted());
        // A user's engine is of no account to root, whose home has another file.
        boolean isRoots = host.os() == LINUX && host.isRoot();
        Optional<Platform> bySocket = named.orElseGet(() -> Endpoint.usual(host))
                .platform(host)
                .filter(platform -> !(isRoots && OF_A_USER.contains(platform)));
        if (bySocket.isPresent()) {
            return bySocket;
        }
        boolean isMachines = named.filter(Endpoint.usual(host)::equals).isPresent();
        return Arrays.stream(values())
                .filter(platform -> !(isMachines && OF_A_USER.contains(platform)))
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
        return usual.format() == ConfigTarget.Format.DOCKER_OPTS ? systemFile(host) : usual;
    }

    /**
     * The folder {@code certs.d}, with a folder for each registry ({@code CertsDir} in moby's {@code
     * daemon/pkg/registry}); empty where the engine has one of its own, inside a virtual machine or a snap.
     */
    public Optional<Path> certificates(Host host) {
        return switch (this) {
            case ROOTLESS -> Optional.of(target(host).file().resolveSibling("certs.d"));
            case WINDOWS_ENGINE ->
                Optional.of(host.path(host.environment("ProgramData").orElse("C:\\ProgramData"))
                        .resolve("docker")
                        .resolve("certs.d"));
            case SYSTEMD, OPENRC, SYSV, UPSTART, SYNOLOGY, SYNOLOGY_DOCKER, QNAP, OPENWRT ->
                Optional.of(host.path("/etc/docker/certs.d"));
            default -> Optional.empty();
        };
    }

    /** What makes the engine take a changed file, ready to paste, in order. */
    public List<String> commands() {
        return commands;
    }

    /** The restart, where {@link #commands} only reload; empty where they restart already. */
    public List<String> fallbackCommands() {
        return fallbackCommands;
    }

    /** Whether Docker Desktop restarts the engine, which has a menu for it too. */
    public boolean isDesktop() {
        return DESKTOP.contains(this);
    }

    /** Whether the engine's files are root's, as those of an engine that a user runs, or a machine of one, are not. */
    public boolean needsRoot() {
        return switch (this) {
            case ROOTLESS, ORBSTACK, COLIMA, RANCHER_DESKTOP -> false;
            case DESKTOP_LINUX, DESKTOP_MAC, DESKTOP_WSL, DESKTOP_WINDOWS, DESKTOP_WINDOWS_CONTAINERS -> false;
            case WINDOWS_ENGINE -> false;
            case SYSTEMD, OPENRC, UPSTART, SYSV, SNAP, SYNOLOGY, SYNOLOGY_DOCKER, QNAP, OPENWRT -> true;
        };
    }

    /** What restarts the engine, whatever less would do. */
    public String restartCommand() {
        return fallbackCommands.isEmpty() ? commands.get(commands.size() - 1) : fallbackCommands.get(0);
    }

    /** What shows the engine's own words. */
    public String logCommand() {
        return switch (this) {
            case SYSTEMD -> "sudo journalctl --unit docker --lines 50";
            case ROOTLESS -> "journalctl --user --unit docker --lines 50";
            case SNAP -> "sudo snap logs docker";
            case SYSV, OPENRC -> "sudo tail -n 50 /var/log/docker.log";
            case UPSTART -> "sudo tail -n 50 /var/log/upstart/docker.log";
            case OPENWRT -> "logread -e dockerd";
            case DESKTOP_LINUX, DESKTOP_MAC, DESKTOP_WSL, DESKTOP_WINDOWS, DESKTOP_WINDOWS_CONTAINERS ->
                "docker desktop logs";
            case WINDOWS_ENGINE -> "Get-EventLog -LogName Application -Source docker -Newest 50";
            case ORBSTACK, COLIMA, RANCHER_DESKTOP, SYNOLOGY, SYNOLOGY_DOCKER, QNAP -> "docker info";
        };
    }

    /** What starts an engine that does not run. */
    public String startCommand() {
        return restartCommand().replace("Restart-", "Start-").replace("restart", "start");
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

    private static String configHome(Host host) {
        return host.xdgFolder("XDG_CONFIG_HOME", inHome(host, ".config"));
    }

    /** Desktop is what a Mac or a Windows machine has; a tree below {@code --root} must show a trace of it. */
    private static boolean mayHaveDesktop(Host host) {
        return !host.isRooted() || host.exists(inHome(host, ".docker"));
    }

    private static boolean hasMacDesktop(Host host) {
        return host.exists("/Applications/Docker.app") || host.exists(inHome(host, ".docker", "run"));
    }

    /** What brings a virtual machine is the engine of a Linux machine only where that has none of its own. */
    private static boolean isForVirtualMachines(Host host) {
        return (host.os() == MACOS && !hasMacDesktop(host))
                || (host.os() == LINUX && !host.isRoot() && !host.exists("/usr/bin/dockerd"));
    }

    private static boolean isServedByDesktop(Host host) {
        return host.exists("/mnt/wsl/docker-desktop")
                || host.link("/usr/bin/docker")
                        .filter(target -> target.startsWith("/mnt/wsl/docker-desktop/"))
                        .isPresent();
    }

    private static String colimaFile(Host host) {
        String home = host.environment("COLIMA_HOME").orElseGet(() -> inHome(host, ".colima"));
        return home + "/" + host.environment("COLIMA_PROFILE").orElse("default") + "/colima.yaml";
    }

    private static String rancherFolder(Host host) {
        return switch (host.os()) {
            case WINDOWS -> appData(host) + "\\rancher-desktop";
            case MACOS -> inHome(host, "Library", "Application Support", "rancher-desktop");
            case LINUX, OTHER -> inHome(host, ".local", "share", "rancher-desktop");
        };
    }

    private static ConfigTarget rancherFile(Host host) {
        String folder = rancherFolder(host);
        return host.os() == WINDOWS
                ? ConfigTarget.byHand(
                        host, folder + "\\provisioning\\registry-mirrors.start", ConfigTarget.Format.START_SCRIPT)
                : ConfigTarget.byHand(host, folder + "/lima/_config/override.yaml", ConfigTarget.Format.LIMA_YAML);
    }

    private static ConfigTarget desktopSettings(Host host, String name) {
        return ConfigTarget.byHand(host, inHome(host, ".docker", name), ConfigTarget.Format.DESKTOP_SETTINGS);
    }

    private static String appData(Host host) {
        return host.environment("APPDATA").orElseGet(() -> inHome(host, "AppData", "Roaming"));
    }

    /**
     * As {@code getcfg container-station Install_Path -f /etc/config/qpkg.conf} has it, else where a NAS with one volume
     * has it.
     */
    private static String containerStation(Host host) {
        boolean isInside = false;
        for (String line : host.lines("/etc/config/qpkg.conf")) {
            String text = line.strip();
            if (text.startsWith("[")) {
                isInside = text.equals("[container-station]");
            } else if (isInside && text.matches("Install_Path\\s*=\\s*/.*")) {
                return text.substring(text.indexOf('/'));
            }
        }
        return "/share/CACHEDEV1_DATA/.qpkg/container-station";
    }

    private static ConfigTarget openWrtFile(Host host) {
        String uci = "/etc/config/dockerd";
        if (!host.exists(uci)) {
            return systemFile(host);
        }
        return UciFile.parse(host.lines(uci))
                .option("globals", "alt_config_file")
                .filter(host::exists)
                .map(file -> ConfigTarget.daemonJson(host, file))
                .orElseGet(() -> ConfigTarget.byHand(host, uci, ConfigTarget.Format.UCI));
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
