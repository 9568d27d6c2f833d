package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DockerOpts;
import io.github.mirrorctl.daemon.MirrorEntry;
import io.github.mirrorctl.daemon.UnitFile;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.UnitFolder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds mirrors that are given to dockerd as flags while the file to be edited is {@code daemon.json}. With both it does
 * not start, even if they are equal or the file's list is empty ({@code findConfigurationConflicts} in moby's
 * {@code daemon/config/config.go}).
 */
final class FlagConflicts {
    private static final String UNIT = "docker.service";
    private static final String FLAG = "--registry-mirror";

    private FlagConflicts() {}

    /** @throws Fault {@link FaultCode#CONFIG_CONFLICT} with every such flag's place */
    static void require(Installation installation) {
        List<Problem> conflicts = find(installation);
        if (!conflicts.isEmpty()) {
            throw new Fault(
                            FaultCode.CONFIG_CONFLICT,
                            installation.target().file().toString())
                    .with(conflicts);
        }
    }

    static List<Problem> find(Installation installation) {
        Host host = installation.host();
        Platform platform = installation.platform();
        boolean isEnginesOwn = installation.target().equals(platform.daemonJson(host));
        if (!isEnginesOwn) {
            return List.of();
        }
        return platform == Platform.SYSTEMD ? inUnit(host) : inOptions(host, platform.target(host));
    }

    private static List<Problem> inUnit(Host host) {
        Optional<UnitFile> merged = unit(host);
        if (merged.isEmpty()) {
            return List.of();
        }
        List<Problem> conflicts = new ArrayList<>();
        UnitFile unit = merged.get();
        unit.flags(FLAG).forEach(flag -> conflicts.add(Problem.error("mirror-flag", flag.place(), flag.value())));
        for (UnitFile.EnvironmentFile file : unit.environmentFiles()) {
            for (String variable : unit.variables()) {
                conflicts.addAll(inVariable(host, file.path(), variable, DockerOpts.Dialect.SYSTEMD));
            }
        }
        return conflicts;
    }

    static Optional<UnitFile> unit(Host host) {
        Optional<UnitFile> merged = Optional.empty();
        for (Map.Entry<String, String> text : new UnitFolder(host).read(UNIT).entrySet()) {
            UnitFile file = UnitFile.parse(text.getValue(), text.getKey());
            merged = Optional.of(merged.map(unit -> unit.with(file)).orElse(file));
        }
        return merged;
    }

    private static List<Problem> inOptions(Host host, ConfigTarget target) {
        if (target.variable().isEmpty()) {
            return List.of();
        }
        return inVariable(host, target.typed(), target.variable().get(), DockerOpts.Dialect.SHELL);
    }

    private static List<Problem> inVariable(Host host, String path, String variable, DockerOpts.Dialect dialect) {
        Optional<byte[]> content = host.read(host.path(path));
        if (content.isEmpty()) {
            return List.of();
        }
        String text = new String(content.get(), StandardCharsets.UTF_8);
        String file = host.path(path).toString();
        List<Problem> conflicts = new ArrayList<>();
        for (MirrorEntry entry : DockerOpts.parse(text, file, variable, dialect).entries()) {
            conflicts.add(Problem.error("mirror-flag", entry.place(), entry.url()));
        }
        return conflicts;
    }
}
