package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.OperatingSystem;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ShellWord;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder in which an engine on this machine looks for what it shall believe and show of single registries. */
record CertificateFolder(Host host, Path path) {
    private static final String HOSTS_TOML = "hosts.toml";
    private static final String CERTIFICATE = ".cert";
    private static final String KEY = ".key";

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
     * The file that wants another in a mirror's own folder, where that is missing: a client's certificate ends in {@code
     * .cert}, and its key has the same name with {@code .key}. The classic store then fails every pull, even of what Docker
     * Hub would serve (moby's {@code daemon/pkg/registry/registry.go}).
     *
     * @param mirror as the engine has it, since its folder is called as the address is spelled
     */
    Optional<Problem> halfPair(String mirror) {
        List<Path> files = registry(mirror).map(host::files).orElse(List.of());
        return files.stream()
                .filter(file ->
                        otherHalf(file).filter(other -> !files.contains(other)).isPresent())
                .findFirst()
                .map(CertificateFolder::halfPair);
    }

    private static Problem halfPair(Path file) {
        String found = file.toString();
        boolean isKey = found.endsWith(KEY);
        return Problem.error(
                isKey ? "client-certificate-missing" : "client-key-missing",
                Problem.Place.of(found),
                found,
                otherHalf(file).orElseThrow().toString(),
                ShellWord.quoted(found),
                isKey ? "" : ShellWord.quoted(withEnd(file, CERTIFICATE, ".crt").toString()));
    }

    private static Optional<Path> otherHalf(Path file) {
        String name = file.toString();
        if (name.endsWith(CERTIFICATE)) {
            return Optional.of(withEnd(file, CERTIFICATE, KEY));
        }
        return name.endsWith(KEY) ? Optional.of(withEnd(file, KEY, CERTIFICATE)) : Optional.empty();
    }

    private static Path withEnd(Path file, String end, String other) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - end.length()) + other);
    }

    /** A registry's own folder; Windows has no colon in the names of files. */
    private Optional<Path> registry(String mirror) {
        try {
            return Optional.ofNullable(URI.create(mirror).getRawAuthority())
                    .map(spelled -> host.os() == OperatingSystem.WINDOWS ? spelled.replace(":", "") : spelled)
                    .map(path::resolve);
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }
}
