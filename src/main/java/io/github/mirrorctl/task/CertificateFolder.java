package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.OperatingSystem;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ShellWord;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder {@code certs.d}, in which an engine on this machine has for each registry the authorities to believe, what to
 * show of itself, and endpoints.
 */
record CertificateFolder(Host host, Path path) {
    private static final String HOSTS_TOML = "hosts.toml";
    private static final String CERTIFICATE = ".cert";
    private static final String KEY = ".key";
    private static final String AUTHORITY = ".crt";

    /** Empty where the engine has one of its own, inside a virtual machine or a snap. */
    static Optional<CertificateFolder> of(Host host, Platform platform) {
        Optional<Path> path =
                switch (platform) {
                    case ROOTLESS ->
                        Optional.ofNullable(platform.target(host).file().getParent())
                                .map(folder -> folder.resolve("certs.d"));
                    case WINDOWS_ENGINE ->
                        Optional.of(host.path(host.environment("ProgramData").orElse("C:\\ProgramData"))
                                .resolve("docker")
                                .resolve("certs.d"));
                    case SYSTEMD, OPENRC, SYSV, UPSTART, SYNOLOGY, SYNOLOGY_DOCKER, QNAP, OPENWRT ->
                        Optional.of(host.path("/etc/docker/certs.d"));
                    default -> Optional.empty();
                };
        return path.map(folder -> new CertificateFolder(host, folder));
    }

    /** The file with the endpoints of a registry, there or not (containerd's {@code docs/hosts.md}). */
    Path hostsToml(String registry) {
        return path.resolve(registry.replaceFirst(":(\\d+)$", "_$1_")).resolve(HOSTS_TOML);
    }

    /**
     * The one for Docker Hub, there or not: the first of the two folders that is there counts, even if it holds no such
     * file (containerd's {@code docs/hosts.md}).
     */
    Optional<Path> hubsHostsToml() {
        return Stream.of("docker.io", "_default")
                .map(path::resolve)
                .filter(host::exists)
                .findFirst()
                .map(folder -> folder.resolve(HOSTS_TOML));
    }

    /**
     * Half of what a client shows of itself, with which the classic store fails every pull from Docker Hub's mirrors and
     * from Docker Hub (moby's {@code daemon/pkg/registry/registry.go}): a certificate ends in {@code .cert}, and its key has
     * the same name with {@code .key}.
     *
     * @param found the one that is there
     * @param missing the one that is not
     * @param instead a name under which the engine takes the file for no half
     */
    record HalfPair(Path found, Path missing, Path instead) {

        Problem of(Problem.Severity severity) {
            String file = found.toString();
            List<String> arguments =
                    List.of(file, missing.toString(), ShellWord.quoted(file), ShellWord.quoted(instead.toString()));
            Optional<Problem.Place> place = Optional.of(Problem.Place.of(file));
            return file.endsWith(KEY)
                    ? new Problem("client-certificate-missing", severity, arguments, place)
                    : new Problem("client-key-missing", severity, arguments, place);
        }
    }

    /**
     * The first half of a pair in a mirror's own folder, where the engine looks into that: not where it leaves the
     * certificate unchecked.
     *
     * @param mirror as the engine has it, since its folder is called as the address is spelled
     */
    Optional<HalfPair> halfPair(String mirror, DockerInfo info) {
        return authority(mirror)
                .filter(spelled -> !info.isInsecure(spelled))
                .map(spelled -> host.files(registry(spelled)))
                .flatMap(files -> files.stream()
                        .flatMap(file -> halfPair(file, files).stream())
                        .findFirst());
    }

    private static Optional<HalfPair> halfPair(Path file, List<Path> files) {
        String name = file.getFileName().toString();
        boolean isCertificate = name.endsWith(CERTIFICATE);
        if (!isCertificate && !name.endsWith(KEY)) {
            return Optional.empty();
        }
        String stem = name.substring(0, name.lastIndexOf('.'));
        Path missing = file.resolveSibling(stem + (isCertificate ? KEY : CERTIFICATE));
        // Mostly it is an authority's certificate under a wrong name.
        Path authoritys = file.resolveSibling(stem + AUTHORITY);
        boolean mayBeAuthoritys = isCertificate && !files.contains(authoritys);
        Path instead = mayBeAuthoritys ? authoritys : file.resolveSibling(name + ".off");
        return files.contains(missing) ? Optional.empty() : Optional.of(new HalfPair(file, missing, instead));
    }

    private static Optional<String> authority(String mirror) {
        try {
            return Optional.of(mirror)
                    .filter(MirrorUrl::isSpelledForEngines)
                    .flatMap(spelled -> Optional.ofNullable(URI.create(spelled).getRawAuthority()));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    /** A registry's own folder; Windows has no colon in the names of files. */
    private Path registry(String authority) {
        return path.resolve(host.os() == OperatingSystem.WINDOWS ? authority.replace(":", "") : authority);
    }
}
