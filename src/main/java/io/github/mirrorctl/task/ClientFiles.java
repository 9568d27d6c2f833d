package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.ClientConfig;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.platform.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The docker client's own files, in {@code DOCKER_CONFIG} or {@code .docker}. What cannot be read says nothing. */
record ClientFiles(Host host) {

    ClientConfig config() {
        return ClientConfig.parse(read(folder().resolve("config.json")).orElse(new byte[0]));
    }

    /** The engine's address that a context stands for. */
    Optional<String> contextHost(String context) {
        return read(folder().resolve(ClientConfig.contextFile(context))).flatMap(ClientConfig::contextHost);
    }

    /** The names of the builders that run in containers of their own and read no list of the daemon's. */
    List<String> containerBuilders() {
        return host.files(folder().resolve("buildx").resolve("instances")).stream()
                .filter(file -> read(file)
                        .flatMap(ClientConfig::builderDriver)
                        .filter("docker-container"::equals)
                        .isPresent())
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
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
