package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DaemonConfig;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ShellWord;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The engine's installation that is meant: its platform and the file in which its mirrors stand.
 *
 * @param host the machine, below {@code --root} where that is given
 * @param start how the engine is started, as it was when the installation was found
 */
public record Installation(Host host, Platform platform, ConfigTarget target, EngineStart start) {

    /**
     * How the command line narrows down what is meant.
     *
     * @param platform overrides detection
     * @param config another file in the platform's format
     */
    public record Hints(Optional<String> platform, Optional<Path> config) {
        public static final Hints NONE = new Hints(Optional.empty(), Optional.empty());

        /**
         * What can be judged before anything is read.
         *
         * @throws Fault {@link FaultCode#UNKNOWN_PLATFORM}
         */
        public void requireMeaning() {
            platform.ifPresent(Installation::named);
        }
    }

    /**
     * Finds the installation whose engine the docker client talks to.
     *
     * @throws Fault {@link FaultCode#ENGINE_ELSEWHERE} where that engine runs on another machine,
     *     {@link FaultCode#UNKNOWN_PLATFORM} for a name that is none, {@link FaultCode#NO_PLATFORM} where nothing on the
     *     machine tells
     */
    public static Installation find(Host host, Hints hints) {
        engineElsewhere(host, hints).ifPresent(engine -> {
            throw new Fault(
                    FaultCode.ENGINE_ELSEWHERE,
                    engine.address().orElse("?"),
                    engine.origin().orElse("?"));
        });
        return onThisMachine(host, hints);
    }

    /** The engine of another machine that is meant where the command line says nothing else. */
    static Optional<EngineAddress> engineElsewhere(Host host, Hints hints) {
        boolean isChosen = host.isRooted()
                || hints.platform().isPresent()
                || hints.config().isPresent();
        return isChosen ? Optional.empty() : Optional.of(EngineAddress.of(host)).filter(EngineAddress::isElsewhere);
    }

    /** As {@link #find}, wherever the docker client's engine runs. */
    static Installation onThisMachine(Host host, Hints hints) {
        Platform platform = hints.platform()
                .map(Installation::named)
                .or(() -> Platform.detect(host, EngineAddress.of(host).chosen()))
                .or(() -> hints.config().map(file -> Platform.SYSTEMD))
                .orElseThrow(() -> new Fault(FaultCode.NO_PLATFORM, allPlatforms()));
        ConfigTarget usual = platform.target(host);
        EngineStart start = EngineStart.of(host, platform);
        ConfigTarget target = hints.config().map(usual::in).orElseGet(() -> inUse(start, usual));
        return new Installation(host, platform, target, start);
    }

    private static Platform named(String key) {
        return Platform.named(key).orElseThrow(() -> new Fault(FaultCode.UNKNOWN_PLATFORM, key, allPlatforms()));
    }

    private static String allPlatforms() {
        return Arrays.stream(Platform.values()).map(Platform::key).collect(Collectors.joining(", "));
    }

    /** A file of flags is left alone where the mirrors already stand in {@code daemon.json}. */
    private static ConfigTarget inUse(EngineStart start, ConfigTarget usual) {
        return switch (usual.format()) {
            case DAEMON_JSON -> start.target();
            case DOCKER_OPTS -> {
                ConfigTarget daemonJson = start.target();
                yield holdsMirrors(start.host(), daemonJson) ? daemonJson : usual;
            }
            default -> usual;
        };
    }

    /** The same engine with its mirrors in {@code daemon.json}, where they stand in a file of flags now. */
    Installation withDaemonJson() {
        return target.format() == ConfigTarget.Format.DOCKER_OPTS
                ? new Installation(host, platform, start.target(), start)
                : this;
    }

    /**
     * What makes the engine take changed files, ready to paste, in order: a reload, where that is enough.
     *
     * @param flagsChange whether the flags differ from those that the engine runs with, which only a restart can tell it
     * @param unitChanges whether systemd has to read the unit again before
     */
    public List<String> commands(boolean flagsChange, boolean unitChanges) {
        List<String> restart = platform.fallbackCommands();
        if (!flagsChange || restart.isEmpty()) {
            return platform.commands();
        }
        return unitChanges
                ? Stream.concat(
                                restart.stream()
                                        .map(command -> command.replace("restart docker", "daemon-reload"))
                                        .limit(1),
                                restart.stream())
                        .toList()
                : restart;
    }

    /** What another run of this program needs on its command line in order to mean the same file. */
    public String options() {
        StringBuilder options = new StringBuilder();
        if (host.isRooted()) {
            options.append(" --root ").append(ShellWord.quoted(host.root().toString()));
        }
        if (!Platform.detect(host).equals(Optional.of(platform))) {
            options.append(" --platform ").append(platform.key());
        }
        if (!target.equals(platform.target(host)) && !target.equals(platform.daemonJson(host))) {
            options.append(" --config ").append(ShellWord.quoted(target.file().toString()));
        }
        return options.toString();
    }

    private static boolean holdsMirrors(Host host, ConfigTarget daemonJson) {
        Optional<byte[]> content = new ConfigStore(host).read(daemonJson.file()).content();
        return content.isPresent()
                && DaemonConfig.parse(content.get(), daemonJson.file().toString())
                        .hasMirrors();
    }
}
