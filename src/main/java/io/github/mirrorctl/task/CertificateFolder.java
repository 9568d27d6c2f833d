package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.ImageStore;
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
        return platform.certificates(host).map(folder -> new CertificateFolder(host, folder));
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
     * the same name with {@code .key}. Found once for each folder, the first of it. A store that is not known may be the
     * classic one; of containerd's there is none.
     *
     * @param mirrors as the engine has them, since their folders are called as the addresses are spelled
     */
    List<Problem> halfPairs(List<String> mirrors, DockerInfo info) {
        if (info.imageStore().equals(Optional.of(ImageStore.CONTAINERD))) {
            return List.of();
        }
        Severity severity = info.imageStore().isPresent() ? Severity.ERROR : Severity.WARNING;
        return mirrors.stream()
                .flatMap(mirror -> authority(mirror).stream())
                // The engine does not look where it leaves the certificate unchecked.
                .filter(authority -> !info.isInsecure(authority))
                .distinct()
                .flatMap(authority -> halfPair(host.files(registry(authority)), severity).stream())
                .toList();
    }

    private static Optional<Problem> halfPair(List<Path> files, Severity severity) {
        return files.stream()
                .filter(file ->
                        otherHalf(file).filter(other -> !files.contains(other)).isPresent())
                .findFirst()
                .map(file -> halfPair(file, files, severity));
    }

    private static Optional<Path> otherHalf(Path file) {
        if (ends(file, CERTIFICATE)) {
            return Optional.of(withEnd(file, CERTIFICATE, KEY));
        }
        return ends(file, KEY) ? Optional.of(withEnd(file, KEY, CERTIFICATE)) : Optional.empty();
    }

    private static boolean ends(Path file, String end) {
        return file.toString().endsWith(end);
    }

    private static Path withEnd(Path file, String end, String other) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - end.length()) + other);
    }

    private static Problem halfPair(Path file, List<Path> files, Severity severity) {
        boolean isKey = ends(file, KEY);
        // Mostly a certificate is an authority's under a wrong name.
        Optional<Path> authoritys = isKey ? Optional.empty() : Optional.of(withEnd(file, CERTIFICATE, AUTHORITY));
        Path instead = authoritys.filter(free -> !files.contains(free)).orElseGet(() -> withEnd(file, "", ".off"));
        List<String> arguments = List.of(
                file.toString(),
                otherHalf(file).orElseThrow().toString(),
                ShellWord.quoted(file.toString()),
                ShellWord.quoted(instead.toString()));
        Optional<Problem.Place> place = Optional.of(Problem.Place.of(file.toString()));
        return isKey
                ? new Problem("client-certificate-missing", severity, arguments, place)
                : new Problem("client-key-missing", severity, arguments, place);
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
