package io.github.mirrorctl.platform;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The file in which a platform's engine looks for its mirrors.
 *
 * @param file where it lies, below {@code --root} where that is given
 * @param typed the path on the machine itself, without {@code --root}
 * @param variable the shell variable that holds the flags; empty for all but
 *     {@link Format#DOCKER_OPTS}
 */
public record ConfigTarget(Path file, String typed, Format format, Optional<String> variable) {

    /** How the file spells mirrors. */
    public enum Format {
        /** The engine's JSON file, with the key {@code registry-mirrors}. */
        DAEMON_JSON,
        /** A file sourced by an init script, with {@code --registry-mirror} flags in a variable. */
        DOCKER_OPTS,
        /** OpenWrt's configuration, which {@code uci} reads and writes; it is read here and never written. */
        UCI,
        /** Colima's settings, with the engine's below {@code docker:}. Like all that follow, it is left to its owner. */
        COLIMA_YAML,
        /** Additions to a virtual machine of Lima's, scripts among them. */
        LIMA_YAML,
        /** A script that a virtual machine runs before its engine starts. */
        START_SCRIPT,
        /** What Docker Desktop keeps in its settings, where the engine's JSON is edited. */
        DESKTOP_SETTINGS;

        /** Whether this program writes such files itself. */
        public boolean isEdited() {
            return this == DAEMON_JSON || this == DOCKER_OPTS;
        }

        /** Whether this program finds out which mirrors stand in such a file. */
        public boolean isRead() {
            return isEdited() || this == UCI;
        }
    }

    /** The engine's JSON file at a path of the machine. */
    public static ConfigTarget daemonJson(Host host, String absolute) {
        return new ConfigTarget(host.path(absolute), absolute, Format.DAEMON_JSON, Optional.empty());
    }

    /** A file of flags at a path of the machine. */
    public static ConfigTarget dockerOpts(Host host, String absolute, String variable) {
        return new ConfigTarget(host.path(absolute), absolute, Format.DOCKER_OPTS, Optional.of(variable));
    }

    /** A file that is left to its owner. */
    static ConfigTarget byHand(Host host, String absolute, Format format) {
        return new ConfigTarget(host.path(absolute), absolute, format, Optional.empty());
    }

    /**
     * Another file, as {@code --config FILE} asks: in this format, but JSON where its name says so, since a
     * {@code daemon.json} can be meant on a machine with init scripts too, and where this one is for others to edit.
     */
    public ConfigTarget in(Path other) {
        boolean isJson = other.toString().endsWith(".json") || !format.isEdited();
        return isJson
                ? new ConfigTarget(other, other.toString(), Format.DAEMON_JSON, Optional.empty())
                : new ConfigTarget(other, other.toString(), format, variable);
    }
}
