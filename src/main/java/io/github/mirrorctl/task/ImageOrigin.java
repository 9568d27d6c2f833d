package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.mirror.Status;
import io.github.mirrorctl.registry.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The registry that an image comes from, and so whether the daemon's list applies to it.
 *
 * @param name as the user wrote it
 * @param onHub empty where the image is another registry's
 * @param registry the other registry's host; empty for an image of Docker Hub
 */
record ImageOrigin(String name, Optional<ImageReference> onHub, Optional<String> registry) {

    /** @throws Fault {@link FaultCode#IMAGE_REFERENCE} where it is no image's name */
    static ImageOrigin parse(String name) {
        try {
            return new ImageOrigin(name, Optional.of(ImageReference.parse(name)), Optional.empty());
        } catch (Fault fault) {
            if (fault.code() != FaultCode.IMAGE_NOT_ON_DOCKER_HUB) {
                throw fault;
            }
            // What follows the host has to be an image's name all the same.
            ImageReference.parse(name.strip().substring(name.strip().indexOf('/') + 1));
            return new ImageOrigin(
                    name.strip(),
                    Optional.empty(),
                    Optional.of(fault.arguments().get(1)));
        }
    }

    /**
     * Whether the list applies, and what does where it does not.
     *
     * @param certificates the folder of registries; empty where the engine's is not on this machine
     */
    List<Problem> findings(Catalog catalog, DockerInfo info, Optional<CertificateFolder> certificates) {
        if (onHub.isPresent()) {
            return List.of(
                    Problem.of("image-mirrored", Severity.INFO, onHub.get().toString()));
        }
        List<Problem> findings = new ArrayList<>();
        String host = registry.orElseThrow();
        String path = name.substring(name.indexOf('/') + 1);
        String instead = isOnHub(host)
                ? "docker pull " + path
                : prefix(catalog, host)
                        .map(mirror -> "docker pull " + mirror + "/" + path)
                        .orElse("");
        findings.add(Problem.of("image-not-mirrored", Severity.WARNING, name, host, instead));
        boolean readsHostsToml =
                info.engineVersion().map(EngineVersion::readsHostsToml).orElse(false);
        if (readsHostsToml && info.imageStore().equals(Optional.of(ImageStore.CONTAINERD))) {
            certificates
                    .map(folder -> folder.hostsToml(host))
                    .ifPresent(
                            file -> findings.add(Problem.of("image-hosts-toml", Severity.INFO, host, file.toString())));
        }
        return findings;
    }

    /** Docker Hub's own host: with it in the name, the engine leaves its mirrors out. */
    private static boolean isOnHub(String host) {
        return host.equals("registry-1.docker.io");
    }

    /** The best host of the catalog that mirrors a registry, for use in its place in an image's name. */
    private static Optional<String> prefix(Catalog catalog, String registry) {
        return catalog.mirrors().stream()
                .filter(mirror -> mirror.status() != Status.RETIRED && !mirror.placeholder())
                .sorted((a, b) -> a.status().compareTo(b.status()))
                .flatMap(mirror -> mirror.upstreams().stream())
                .filter(upstream -> upstream.registry().equals(registry))
                .map(Mirror.Upstream::url)
                .map(url -> url.replaceFirst("^https?://", ""))
                .findFirst();
    }
}
