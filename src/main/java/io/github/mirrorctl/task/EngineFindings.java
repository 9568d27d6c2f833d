package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.daemon.HostsToml;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.OperatingSystem;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ShellWord;
import io.github.mirrorctl.registry.Candidate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What on the machine keeps a list of mirrors from doing what its owner hopes, although the daemon has it: another file
 * that it reads, what comes before the list, and what never reads it.
 *
 * @param mirrors those that run, or where that is unknown those of the file
 */
record EngineFindings(Host host, DockerInfo info, List<String> mirrors) {
    /** Where a rootless engine has its root folder, below a home. */
    private static final String IN_HOME = "/.local/share/docker";

    private static final String CONTAINERS = "/etc/containers/registries.conf";
    private static final String CONTAINERD = "/etc/containerd/certs.d/docker.io/hosts.toml";

    /**
     * Another engine, which does not read Docker's list.
     *
     * @param trace what lies on a machine that has it
     * @param file where it takes its own mirrors of Docker Hub from
     */
    private record Beside(String trace, String name, String file) {}

    private static final List<Beside> OTHER_ENGINES = List.of(
            new Beside("/usr/bin/podman", "Podman", CONTAINERS),
            new Beside("/usr/local/bin/nerdctl", "nerdctl", CONTAINERD),
            new Beside("/usr/bin/nerdctl", "nerdctl", CONTAINERD),
            new Beside("/etc/rancher/k3s", "k3s", "/etc/rancher/k3s/registries.yaml"),
            new Beside("/etc/rancher/rke2", "RKE2", "/etc/rancher/rke2/registries.yaml"),
            new Beside("/etc/crio", "CRI-O", CONTAINERS),
            new Beside("/etc/containerd/certs.d", "containerd", CONTAINERD),
            new Beside("/var/lib/kubelet/config.yaml", "Kubernetes (containerd, CRI-O)", CONTAINERD));

    /** What the machine gives cause for. */
    List<Problem> ofMachine(Installation installation) {
        List<Problem> findings = new ArrayList<>();
        login().ifPresent(findings::add);
        hostsToml(installation.platform()).ifPresent(findings::add);
        CertificateFolder.of(host, installation.platform())
                .ifPresent(folder -> findings.addAll(folder.halfPairs(mirrors, info)));
        proxy(installation).ifPresent(findings::add);
        builders().ifPresent(findings::add);
        enginesBeside().ifPresent(findings::add);
        return findings;
    }

    /** That the daemon which answered reads another file than the one that was looked at. */
    Optional<Problem> wrongFile(Installation installation) {
        return answeringElsewhere(installation)
                .map(platform -> Problem.of(
                        "wrong-file",
                        Severity.ERROR,
                        platform.key(),
                        fileOf(platform),
                        installation.target().file().toString(),
                        platform.needsRoot() ? "sudo " : "",
                        options(platform)));
    }

    /** A rootless engine keeps its images in the home of its user, who need not be the one that asks. */
    private String fileOf(Platform platform) {
        return info.rootFolder()
                .filter(folder -> platform == Platform.ROOTLESS && folder.endsWith(IN_HOME))
                .map(folder -> folder.substring(0, folder.length() - IN_HOME.length()) + "/.config/docker/daemon.json")
                .orElseGet(() -> platform.target(host).file().toString());
    }

    private String options(Platform platform) {
        String root =
                host.isRooted() ? " --root " + ShellWord.quoted(host.root().toString()) : "";
        return root + " --platform " + platform.key();
    }

    /**
     * What a command needs where no file of this machine was looked at: what the answer tells of the engine, which may be
     * another machine's.
     *
     * @param addressed whose engine did not answer, where the client's message tells
     */
    Pasting pasting(Optional<Platform> addressed) {
        return addressed
                .or(() -> answering(Platform.SYSTEMD))
                .filter(platform -> platform != Platform.SYSTEMD)
                .map(platform -> new Pasting(platform.needsRoot(), options(platform)))
                .orElseGet(() -> new Pasting(host.os() != OperatingSystem.WINDOWS, ""));
    }

    /** The kind of daemon that answered, where it reads another file than the one that was looked at. */
    Optional<Platform> answeringElsewhere(Installation installation) {
        return answering(installation.platform())
                .filter(platform -> platform != installation.platform())
                .filter(platform -> !platform.target(host)
                        .file()
                        .equals(installation.target().file()));
    }

    /** The kind of daemon that answered, where its answer tells. */
    private Optional<Platform> answering(Platform found) {
        if (info.rootless().orElse(false)) {
            return Optional.of(Platform.ROOTLESS);
        }
        if (info.operatingSystem().filter("Docker Desktop"::equals).isPresent()) {
            return Optional.of(
                    switch (host.os()) {
                        case WINDOWS -> Platform.DESKTOP_WINDOWS;
                        case MACOS -> Platform.DESKTOP_MAC;
                        default -> isInsideWsl() ? Platform.DESKTOP_WSL : Platform.DESKTOP_LINUX;
                    });
        }
        if (info.operatingSystem().filter("OrbStack"::equals).isPresent()) {
            return Optional.of(Platform.ORBSTACK);
        }
        if (info.rootFolder().filter(folder -> folder.startsWith("/var/snap/")).isPresent()) {
            return Optional.of(Platform.SNAP);
        }
        boolean isMachines = info.rootless().isPresent()
                && info.rootFolder().filter("/var/lib/docker"::equals).isPresent();
        boolean foundAnother = found == Platform.ROOTLESS || found == Platform.SNAP || found == Platform.DESKTOP_LINUX;
        return isMachines && foundAnother ? Optional.of(Platform.SYSTEMD) : Optional.empty();
    }

    private boolean isInsideWsl() {
        return host.exists("/mnt/wsl") || host.environment("WSL_DISTRO_NAME").isPresent();
    }

    /**
     * The classic store offers a stored login to every endpoint of Docker Hub, mirrors included (moby's
     * {@code daemon/internal/distribution/registry.go}); containerd's store keeps it for Docker Hub alone. It may be the
     * classic one where that is not known.
     */
    private Optional<Problem> login() {
        boolean isOffered = !info.imageStore().equals(Optional.of(ImageStore.CONTAINERD))
                && new ClientFiles(host).config().hasHubLogin();
        return isOffered
                ? firstForeign()
                        .map(url -> Problem.warning(
                                "login-exposed",
                                Problem.Place.of(
                                        new ClientFiles(host).configFile().toString()),
                                url))
                : Optional.empty();
    }

    private Optional<String> firstForeign() {
        return mirrors.stream().filter(EngineFindings::isForeign).findFirst();
    }

    private static boolean isForeign(String spelled) {
        try {
            return !new Candidate(MirrorUrl.parse(spelled), Optional.empty()).isInside();
        } catch (Fault noMirror) {
            return false;
        }
    }

    /**
     * The file for Docker Hub below the folder of certificates. Engines read it since 28: pulls on containerd's store, and
     * builds on either (moby's {@code daemon/hosts.go}).
     */
    private Optional<Problem> hostsToml(Platform platform) {
        boolean isRead = info.engineVersion().map(EngineVersion::readsHostsToml).orElse(false);
        Optional<Path> file = CertificateFolder.of(host, platform).flatMap(CertificateFolder::hubsHostsToml);
        Optional<byte[]> content = file.flatMap(this::read);
        return isRead && info.imageStore().isPresent() && content.isPresent()
                ? Optional.of(hostsToml(file.get().toString(), HostsToml.parse(content.get())))
                : Optional.empty();
    }

    private Problem hostsToml(String file, HostsToml toml) {
        if (toml.oddLine().isPresent()) {
            return Problem.warning(
                    "hosts-toml-invalid", line(file, toml.oddLine().getAsInt()), file);
        }
        Problem.Place place = line(file, toml.firstHost().orElse(1));
        if (toml.hosts().isEmpty()) {
            return new Problem("hosts-toml-beside", Severity.INFO, List.of(file), Optional.of(place));
        }
        String endpoints = Integer.toString(toml.endpoints());
        return info.imageStore().equals(Optional.of(ImageStore.CONTAINERD))
                ? Problem.warning("hosts-toml", place, file, endpoints)
                : new Problem("hosts-toml-builds", Severity.INFO, List.of(file, endpoints), Optional.of(place));
    }

    private static Problem.Place line(String file, int number) {
        return new Problem.Place(file, number, 0, "");
    }

    private Optional<byte[]> read(Path file) {
        try {
            return host.read(file);
        } catch (Fault notForUs) {
            return Optional.empty();
        }
    }

    private Optional<Problem> proxy(Installation installation) {
        Optional<String> ours = List.of("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy").stream()
                .map(host::environment)
                .flatMap(Optional::stream)
                .findFirst();
        Optional<String> theirs = info.proxies().any().filter(proxy -> !EngineProxy.isInsideDesktop(proxy));
        if (info.version().isEmpty() || ours.isPresent() == theirs.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                ours.isPresent()
                        ? Problem.of("proxy-only-here", Severity.INFO, givingProxy(installation))
                        : Problem.of("proxy-only-daemon", Severity.INFO, EngineProxy.shown(theirs.get())));
    }

    /** The command that gives the engine a proxy; empty where its owner's settings do. */
    private static String givingProxy(Installation installation) {
        return switch (installation.platform()) {
            case SYSTEMD -> "sudo systemctl edit docker   # [Service] Environment=HTTPS_PROXY=...";
            case ROOTLESS -> "systemctl --user edit docker   # [Service] Environment=HTTPS_PROXY=...";
            case SYSV, UPSTART -> "sudoedit /etc/default/docker   # export HTTPS_PROXY=...";
            case OPENRC -> "sudoedit /etc/conf.d/docker   # export HTTPS_PROXY=...";
            default -> "";
        };
    }

    private Optional<Problem> builders() {
        ClientFiles files = new ClientFiles(host);
        List<String> names = files.containerBuilders();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        "builder-not-reached",
                        Severity.INFO,
                        List.of(String.join(", ", names)),
                        Optional.of(Problem.Place.of(
                                files.builders().resolve(names.get(0)).toString()))));
    }

    private Optional<Problem> enginesBeside() {
        List<Beside> found = OTHER_ENGINES.stream()
                .filter(engine -> host.exists(engine.trace()))
                .toList();
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        "engine-not-reached",
                        Severity.INFO,
                        List.of(joined(found, Beside::name, ", "), joined(found, Beside::file, " ")),
                        Optional.of(
                                Problem.Place.of(host.path(found.get(0).trace()).toString()))));
    }

    private static String joined(List<Beside> engines, Function<Beside, String> part, String between) {
        return engines.stream().map(part).distinct().collect(Collectors.joining(between));
    }
}
