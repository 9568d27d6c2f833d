package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.Network;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.mirror.Status;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.registry.Candidate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What keeps a list of mirrors from doing what its owner hopes, although the daemon has it: who the mirrors are, what the
 * daemon does with them, and what on the machine never reads the list.
 *
 * @param mirrors those that run, or where that is unknown those of the file
 */
record EngineFindings(Host host, Catalog catalog, DockerInfo info, List<String> mirrors) {
    /** Each one that dies costs every pull 15 s on the classic store, and 30 s a request on containerd's. */
    private static final int ENOUGH = 4;

    /** Other engines on a machine, by what lies there; none of them reads Docker's list. */
    private static final Map<String, String> OTHER_ENGINES = otherEngines();

    private static Map<String, String> otherEngines() {
        Map<String, String> engines = new LinkedHashMap<>();
        engines.put("/usr/bin/podman", "Podman");
        engines.put("/usr/local/bin/nerdctl", "nerdctl");
        engines.put("/usr/bin/nerdctl", "nerdctl");
        engines.put("/etc/rancher/k3s", "k3s");
        engines.put("/etc/rancher/rke2", "RKE2");
        engines.put("/var/lib/kubelet/config.yaml", "Kubernetes (containerd, CRI-O)");
        return engines;
    }

    /** What the mirrors themselves give cause for. */
    List<Problem> ofMirrors() {
        List<Problem> findings = new ArrayList<>();
        List<MirrorUrl> understood = new ArrayList<>();
        for (String spelled : mirrors) {
            try {
                MirrorUrl url = MirrorUrl.parse(spelled);
                understood.add(url);
                catalog.byUrl(url)
                        .filter(mirror -> mirror.status() == Status.RETIRED)
                        .ifPresent(mirror -> findings.add(retired(spelled, mirror)));
                catalog.otherRegistryAt(url)
                        .ifPresent(registry ->
                                findings.add(Problem.of("other-registry", Severity.WARNING, spelled, registry)));
            } catch (Fault refused) {
                findings.add(
                        new Problem(refused.code().key(), Severity.WARNING, refused.arguments(), Optional.empty()));
            }
        }
        if (mirrors.size() > ENOUGH) {
            findings.add(Problem.of("many-mirrors", Severity.INFO, Integer.toString(mirrors.size())));
        }
        understood.stream()
                .filter(this::switchesChecksOff)
                .findFirst()
                .ifPresent(url -> findings.add(Problem.of("unchecked-certificates", Severity.WARNING, url.toString())));
        return findings;
    }

    private static Problem retired(String spelled, Mirror mirror) {
        String source = mirror.evidence().isEmpty() ? "" : mirror.evidence().get(0);
        return Problem.of(
                "retired-mirror", Severity.WARNING, spelled, mirror.statusAsOf().orElse("?"), source);
    }

    /**
     * On the containerd store all endpoints of Docker Hub share one client, so that a mirror among the insecure ones
     * switches the checks off for every other and for Docker Hub itself (moby's {@code daemon/hosts.go}).
     */
    private boolean switchesChecksOff(MirrorUrl url) {
        if (info.imageStore().filter(ImageStore.CONTAINERD::equals).isEmpty()) {
            return false;
        }
        return url.host().equals("localhost")
                || info.insecure().stream()
                        .anyMatch(item -> item.equals(url.host())
                                || item.equals(url.host() + ":" + url.port())
                                || Network.parse(item)
                                        .map(network -> network.contains(url.host()))
                                        .orElse(false));
    }

    /** What the machine gives cause for. */
    List<Problem> ofMachine(Installation installation) {
        List<Problem> findings = new ArrayList<>();
        wrongFile(installation).ifPresent(findings::add);
        login().ifPresent(findings::add);
        hostsToml().ifPresent(findings::add);
        proxy().ifPresent(findings::add);
        builders().ifPresent(findings::add);
        enginesBeside().ifPresent(findings::add);
        return findings;
    }

    private Optional<Problem> wrongFile(Installation installation) {
        return answering(installation.platform())
                .filter(platform -> platform != installation.platform())
                .filter(platform -> !platform.target(host)
                        .file()
                        .equals(installation.target().file()))
                .map(platform -> Problem.of(
                        "wrong-file",
                        Severity.ERROR,
                        platform.key(),
                        platform.target(host).file().toString(),
                        installation.target().file().toString()));
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
                        default -> Platform.DESKTOP_LINUX;
                    });
        }
        if (info.rootFolder().filter(folder -> folder.startsWith("/var/snap/")).isPresent()) {
            return Optional.of(Platform.SNAP);
        }
        boolean isMachines = info.rootless().isPresent()
                && info.rootFolder().filter("/var/lib/docker"::equals).isPresent();
        boolean foundAnother = found == Platform.ROOTLESS || found == Platform.SNAP || found == Platform.DESKTOP_LINUX;
        return isMachines && foundAnother ? Optional.of(Platform.SYSTEMD) : Optional.empty();
    }

    /**
     * The classic store offers a stored login to every endpoint of Docker Hub, mirrors included (moby's
     * {@code daemon/internal/distribution/registry.go}); containerd's store keeps it for Docker Hub alone.
     */
    private Optional<Problem> login() {
        boolean isOffered =
                info.imageStore().filter(ImageStore.GRAPHDRIVER::equals).isPresent()
                        && new ClientFiles(host).config().hasHubLogin();
        return isOffered
                ? firstForeign().map(url -> Problem.of("login-exposed", Severity.WARNING, url))
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

    /** Where the list of endpoints for Docker Hub lies that comes before daemon.json's, since 28 on containerd's store. */
    private Optional<Problem> hostsToml() {
        return info.imageStore()
                .filter(ImageStore.CONTAINERD::equals)
                .flatMap(store -> List.of("docker.io", "_default").stream()
                        .map(name -> "/etc/docker/certs.d/" + name + "/hosts.toml")
                        .filter(host::exists)
                        .findFirst())
                .map(file -> Problem.of(
                        "hosts-toml", Severity.WARNING, host.path(file).toString()));
    }

    private Optional<Problem> proxy() {
        Optional<String> ours = List.of("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy").stream()
                .map(host::environment)
                .flatMap(Optional::stream)
                .findFirst();
        if (info.version().isEmpty() || ours.isPresent() == info.proxy().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                ours.isPresent()
                        ? Problem.of("proxy-only-here", Severity.INFO)
                        : Problem.of(
                                "proxy-only-daemon", Severity.INFO, info.proxy().get()));
    }

    private Optional<Problem> builders() {
        List<String> names = new ClientFiles(host).containerBuilders();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.of("builder-not-reached", Severity.INFO, String.join(", ", names)));
    }

    private Optional<Problem> enginesBeside() {
        List<String> names = OTHER_ENGINES.entrySet().stream()
                .filter(engine -> host.exists(engine.getKey()))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.of("engine-not-reached", Severity.INFO, String.join(", ", names)));
    }
}
