package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.ClientConfig;
import io.github.mirrorctl.platform.Endpoint;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.Host;
import java.util.Optional;

/**
 * The engine that the docker client would talk to, found as the client finds it: {@code DOCKER_HOST}, else
 * {@code DOCKER_CONTEXT}, else the context that {@code docker context use} chose, else this machine's usual place
 * ({@code resolveContextName} in docker/cli's {@code cli/command/cli.go}).
 *
 * @param address as {@code DOCKER_HOST} spells it; empty where a context is named that has no file
 * @param origin what chose it: the variable, or the context as {@code docker context use NAME}; empty for the usual place
 */
record EngineAddress(Optional<String> address, Optional<String> origin) {

    static EngineAddress of(Host host) {
        Optional<String> variable = host.environment("DOCKER_HOST");
        if (variable.isPresent()) {
            return new EngineAddress(variable, Optional.of("DOCKER_HOST=" + variable.get()));
        }
        Optional<String> chosen = host.environment("DOCKER_CONTEXT");
        ClientFiles files = new ClientFiles(host);
        Optional<String> context = chosen.isPresent() ? chosen : files.config().currentContext();
        if (context.isEmpty() || context.get().equals(ClientConfig.DEFAULT_CONTEXT)) {
            return new EngineAddress(Optional.of(EngineApi.usualAddress(host)), Optional.empty());
        }
        Optional<String> address = files.contextHost(context.get());
        String origin = chosen.isPresent() ? "DOCKER_CONTEXT=" + context.get() : "docker context use " + context.get();
        return new EngineAddress(address, Optional.of(origin));
    }

    /**
     * Where this user's rootless engine listens, which the client learns from its settings alone; empty where the session
     * has no folder for it.
     */
    static Optional<String> rootless(Host host) {
        return host.environment("XDG_RUNTIME_DIR").map(folder -> "unix://" + folder + "/docker.sock");
    }

    /** Whether the engine runs on another machine, so that no file here is its own. */
    boolean isElsewhere() {
        return address.map(Endpoint::new).filter(Endpoint::isElsewhere).isPresent();
    }

    /** What lets the client talk to this machine's usual engine again, ready to paste. */
    String wayBack() {
        return origin.filter(by -> by.startsWith("DOCKER_"))
                .map(by -> "unset " + by.substring(0, by.indexOf('=')))
                .orElse("docker context use " + ClientConfig.DEFAULT_CONTEXT);
    }

    /** The engine that was chosen; empty where it is merely the usual one. */
    Optional<Endpoint> chosen() {
        return origin.isPresent() ? address.map(Endpoint::new) : Optional.empty();
    }

    /** Whether it listens at a socket or a pipe of this machine, where it can be asked. */
    boolean isLocal() {
        return address.map(EngineApi::isLocal).orElse(true);
    }
}
