package io.github.mirrorctl.platform;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The file in which a platform's engine looks for its mirrors.
 *
 * @param file where it lies, below {@code --root} where that is given
 * @param typed the path on the machine itself, without {@code --root}
 * @param variable the shell variable that holds the flags; empty for {@link Format#DAEMON_JSON}
 */
public record ConfigTarget(Path file, String typed, Format format, Optional<String> variable) {

    /** How the file spells mirrors. */
    public enum Format {
        /** The engine's JSON file, with the key {@code registry-mirrors}. */
        DAEMON_JSON,
        /** A file sourced by an init script, with {@code --registry-mirror} flags in a variable. */
        DOCKER_OPTS
    }

    static ConfigTarget daemonJson(Host host, String absolute) {
        return new ConfigTarget(host.path(absolute), absolute, Format.DAEMON_JSON, Optional.empty());
    }

    static ConfigTarget dockerOpts(Host host, String absolute, String variable) {
        return new ConfigTarget(host.path(absolute), absolute, Format.DOCKER_OPTS, Optional.of(variable));
    }

    /**
     * Another file, as {@code --config FILE} asks: in this format, but JSON where its name says so, since a
     * {@code daemon.json} can be meant on a machine with init scripts too.
     */
    public ConfigTarget in(Path other) {
        boolean isJson = other.toString().endsWith(".json");
        return isJson
                ? new ConfigTarget(other, other.toString(), Format.DAEMON_JSON, Optional.empty())
                : new ConfigTarget(other, other.toString(), format, variable);
    }
}
