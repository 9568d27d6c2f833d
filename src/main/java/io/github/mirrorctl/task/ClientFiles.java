package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.ClientConfig;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The docker client's own files, in {@code DOCKER_CONFIG} or {@code .docker}. What cannot be read says nothing. */
record ClientFiles(Host host) {
    /** The drivers whose builders are no part of the engine (docker/buildx's {@code driver} folder). */
    private static final Set<String> OUTSIDE = Set.of("docker-container", "kubernetes", "remote");

    ClientConfig config() {
        return ClientConfig.parse(read(configFile()).orElse(new byte[0]));
    }

    Path configFile() {
        return folder().resolve("config.json");
    }

    /** The engine's address that a context stands for. */
    Optional<String> contextHost(String context) {
        return read(folder().resolve(ClientConfig.contextFile(context))).flatMap(ClientConfig::contextHost);
    }

    /** The names of the builders that run outside the engine and read no list of the daemon's. */
    List<String> containerBuilders() {
        return host.files(builders()).stream()
                .filter(file -> read(file)
                        .flatMap(ClientConfig::builderDriver)
                        .filter(OUTSIDE::contains)
                        .isPresent())
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
    }

    /** Where each builder has a file of its name. */
    Path builders() {
        return folder().resolve("buildx").resolve("instances");
    }

    /**
     * Whether the client speaks TLS to an address: where a variable says so (docker/cli's {@code cli/flags/options.go}),
     * and where the context in use has keys of its own.
     */
    boolean wantsTls(String address) {
        boolean isNetwork = !EngineApi.isLocal(address);
        boolean isSaid = Stream.of("DOCKER_TLS_VERIFY", "DOCKER_TLS")
                .anyMatch(name -> host.environment(name).isPresent());
        return isNetwork && (isSaid || contextHasKeys());
    }

    private boolean contextHasKeys() {
        boolean isVariable = host.environment("DOCKER_HOST").isPresent();
        Optional<String> context = host.environment("DOCKER_CONTEXT").or(() -> config().currentContext());
        return !isVariable
                && context.map(ClientConfig::contextKeys)
                        .map(folder()::resolve)
                        .filter(host::exists)
                        .isPresent();
    }

    /** That a variable asks for TLS and a key for it is not where the client looks. */
    Optional<Problem> missingKeys(String address) {
        Path keys = host.environment("DOCKER_CERT_PATH").map(host::path).orElseGet(this::folder);
        boolean isSaid = host.environment("DOCKER_TLS_VERIFY").isPresent() && address.startsWith("tcp://");
        return isSaid
                ? Stream.of("ca.pem", "cert.pem", "key.pem")
                        .map(keys::resolve)
                        .filter(key -> !host.exists(key))
                        .findFirst()
                        .map(key -> Problem.of("tls-files-missing", Severity.WARNING, key.toString()))
                : Optional.empty();
    }

    private Path folder() {
        return host.environment("DOCKER_CONFIG")
                .map(host::path)
                .orElseGet(() -> host.home().resolve(".docker"));
    }

    private Optional<byte[]> read(Path file) {
        try {
            return host.read(file);
        } catch (Fault notForUs) {
            return Optional.empty();
        }
    }
}
