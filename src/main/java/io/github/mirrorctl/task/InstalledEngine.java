package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The engine that will read the file, as far as it can be asked on this machine.
 *
 * @param program dockerd's own file; empty where it is not to be found, or where none of this machine reads the file
 * @param version empty where nothing tells
 * @param flags those that its unit gives it, without those that name the file and mirrors
 */
record InstalledEngine(Optional<Path> program, Optional<EngineVersion> version, List<String> flags) {
    static final InstalledEngine UNKNOWN = new InstalledEngine(Optional.empty(), Optional.empty(), List.of());

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The file is another here, and whether mirrors are given as flags too is judged before. */
    private static final Set<String> OURS = Set.of(EngineStart.CONFIG_FILE, DaemonCommand.REGISTRY_MIRROR);

    private static final Set<Platform> WITH_UNIT = Set.of(Platform.SYSTEMD, Platform.ROOTLESS);

    /** The platforms whose engine is a program of this machine that a user may start beside the running one. */
    private static final Set<Platform> WITH_PROGRAM =
            Set.of(Platform.SYSTEMD, Platform.OPENRC, Platform.UPSTART, Platform.SYSV, Platform.ROOTLESS);

    /** Where packages put dockerd. The running process is not asked: anyone may give a process of his that name. */
    private static final List<String> USUAL_PLACES =
            List.of("/usr/bin/dockerd", "/usr/sbin/dockerd", "/usr/local/bin/dockerd", "/usr/local/sbin/dockerd");

    InstalledEngine {
        flags = List.copyOf(flags);
    }

    /** Finds it. Nothing is run for another root, for a file that is not the engine's own, or for a remote engine. */
    static InstalledEngine find(Installation installation, CommandRunner commands) throws InterruptedException {
        Host host = installation.host();
        Platform platform = installation.platform();
        boolean isOwnFile = installation.target().equals(platform.target(host))
                || installation.target().equals(platform.daemonJson(host));
        boolean isHere = host.path("/").getFileSystem().equals(FileSystems.getDefault()) && !host.isRooted();
        if (!isHere
                || !isOwnFile
                || !WITH_PROGRAM.contains(platform)
                || !EngineAddress.of(host).isLocal()) {
            return UNKNOWN;
        }
        DaemonCommand start =
                WITH_UNIT.contains(platform) ? installation.start().service().commandLine() : DaemonCommand.EMPTY;
        Optional<Path> program = Stream.concat(
                        start.texts().stream().limit(1).filter(word -> word.endsWith("/dockerd")), places(host))
                .filter(host::exists)
                .map(host::path)
                .findFirst();
        Optional<EngineVersion> version =
                program.isPresent() ? toldBy(program.get(), commands) : toldByApi(host, platform);
        return new InstalledEngine(program, version, withoutOurs(start));
    }

    private static Stream<String> places(Host host) {
        String inHome = host.homeFolder() + "/bin/dockerd";
        return Stream.concat(USUAL_PLACES.stream(), host.isRoot() ? Stream.empty() : Stream.of(inHome));
    }

    private static Optional<EngineVersion> toldBy(Path program, CommandRunner commands) throws InterruptedException {
        try {
            return EngineVersion.parse(commands.run(List.of(program.toString(), "--version"), PATIENCE)
                    .stdout());
        } catch (Fault cannotRun) {
            return Optional.empty();
        }
    }

    private static Optional<EngineVersion> toldByApi(Host host, Platform platform) throws InterruptedException {
        Optional<String> address = EngineAddress.of(host).address();
        if (platform == Platform.ROOTLESS || address.isEmpty()) {
            return Optional.empty();
        }
        DockerInfo info = DockerInfo.parse(
                new EngineApi(host, address.get()).info(PATIENCE).body());
        return info.engineVersion();
    }

    /** A flag with a variable that no file sets is left out, and ours where they lack their value. */
    private static List<String> withoutOurs(DaemonCommand start) {
        return start.without(OURS).texts().stream()
                .skip(1)
                .filter(word -> !OURS.contains(word) && word.indexOf('$') < 0)
                .toList();
    }
}
