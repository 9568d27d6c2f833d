package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.UnitFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The flags with which the files of the machine start an engine, each with the file and line it comes from. Immutable; of
 * the machine it tells what was read when it was made.
 */
sealed interface DaemonArguments permits ScriptArguments, UnitArguments {

    /** Reads what starts a platform's engine; no arguments where nothing on the machine tells. */
    static DaemonArguments of(Host host, Platform platform) {
        Path daemonJson = platform.daemonJson(host).file();
        return switch (platform) {
            case SYSTEMD -> UnitArguments.of(host, UnitFolder.ofSystem(host), daemonJson);
            case ROOTLESS -> UnitArguments.of(host, UnitFolder.ofUser(host), daemonJson);
            default -> ScriptArguments.of(host, platform, daemonJson);
        };
    }

    /**
     * A variable that the engine is started with.
     *
     * @param file that sets it
     */
    record Variable(String value, String file) {
        @Override
        public String toString() {
            return file;
        }
    }

    /** Whether any file tells how the engine is started. */
    boolean isFound();

    /**
     * What the engine is started with; empty where nothing tells.
     *
     * @throws Fault {@code CONFIG_INVALID} where a file of options cannot be understood
     */
    DaemonCommand commandLine();

    /**
     * The variable as the files give it to the engine; empty where none does.
     *
     * @throws Fault {@code CONFIG_INVALID} where only a shell could tell
     */
    Optional<Variable> variable(String name);

    /** What stands in the files of flags and does not do what its author hoped, or keeps the engine from starting. */
    List<Problem> problems();

    /** The files that this user may not read, so that flags in them are unknown. */
    List<Problem> unknown();

    /** The bytes of one of the files as they were read; empty where it was not there. */
    Optional<byte[]> content(Path file);

    /** Whether a file is one that only {@code systemctl daemon-reload} makes systemd read again. */
    boolean isUnit(Path file);

    /** Where files may lie that {@link #without} changes. */
    List<Path> folders();

    /**
     * The files as they would be without a flag, by their paths. A unit or drop-in that its owner does not change, such as
     * a package's, stays, and a new drop-in says what it shall say instead.
     */
    Map<Path, byte[]> without(String flag);

    /** What would be, had these files this content. */
    DaemonArguments with(Map<Path, byte[]> edits);
}
