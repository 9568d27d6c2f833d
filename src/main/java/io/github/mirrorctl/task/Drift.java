package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.Argument;
import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Why the mirrors of the files are not those of the daemon, and what makes them so.
 *
 * @param configured the mirrors of the file, or of the flags where it has none
 * @param findings what the files gave cause for
 */
record Drift(
        Installation installation, EngineFile file, DockerInfo info, List<String> configured, List<Problem> findings) {

    /** Errors that make a mirror useless, and with which dockerd starts all the same. */
    private static final Set<String> HARMLESS =
            Set.of("url-placeholder", "url-docker-hub", "url-host", "url-port", "url-double-scheme");

    Drift {
        configured = List.copyOf(configured);
        findings = List.copyOf(findings);
    }

    /** The finding that says it, where the daemon told its mirrors and they are others. */
    Problem finding() {
        String path = installation.target().file().toString();
        if (mayNotStart()) {
            return Problem.of("not-taken", Severity.WARNING, path);
        }
        Optional<Argument> flag = file.hasMirrors()
                ? Optional.empty()
                : FlagConflicts.of(installation).inFiles().stream().findFirst();
        if (flag.isPresent()) {
            return Problem.warning(
                    "flags-not-taken", flag.get().place(), flag.get().text(), restart(flag.get()));
        }
        boolean isKnown = findings.stream().noneMatch(finding -> finding.code().equals("flags-unknown"));
        if (isKnown && configured.isEmpty() && installation.target().format().isEdited() && !file.hasMirrors()) {
            return Problem.of("list-deleted", Severity.WARNING, path, canReload() ? "--reload" : "--restart");
        }
        boolean isOrder =
                MirrorLists.areSameInAnyOrder(configured, info.mirrors().orElse(List.of()));
        Platform platform = installation.platform();
        return Problem.of(
                isOrder ? "order-differs" : "not-reloaded",
                Severity.WARNING,
                path,
                canReload() ? platform.commands().get(0) : platform.restartCommand(),
                canReload() ? "" : "stops-containers");
    }

    private boolean mayNotStart() {
        return findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .anyMatch(finding -> !HARMLESS.contains(finding.code()));
    }

    private boolean canReload() {
        return !installation.platform().fallbackCommands().isEmpty()
                && info.engineVersion().map(EngineVersion::reloadsMirrors).orElse(true);
    }

    /** Only a restart gives dockerd other flags, and only a reload of systemd itself another unit. */
    private String restart(Argument flag) {
        Path source =
                installation.host().root().getFileSystem().getPath(flag.place().file());
        boolean isInUnit = installation.start().service().isUnit(source);
        return String.join(" && ", installation.commands(true, isInUnit));
    }
}
