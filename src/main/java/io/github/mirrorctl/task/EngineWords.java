package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.EngineLog;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.LogFile;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ProcessTable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the engine says from a moment on: in the file its script gave it, else in systemd's journal. */
final class EngineWords {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Optional<LogFile> file;
    private final List<String> journal;
    private final Means means;

    private EngineWords(Optional<LogFile> file, List<String> journal, Means means) {
        this.file = file;
        this.journal = List.copyOf(journal);
        this.means = means;
    }

    static EngineWords from(Reload reload, Means means) {
        Host host = reload.installation().host();
        Platform platform = reload.installation().platform();
        ProcessTable processes = new ProcessTable(host);
        Optional<Path> log = reload.process()
                .flatMap(processes::log)
                .or(() -> usualLog(platform).map(host::path));
        return new EngineWords(
                log.map(LogFile::from), journal(platform, means.clock().instant()), means);
    }

    /** As the scripts of moby's {@code contrib/init} and OpenRC's have it. */
    private static Optional<String> usualLog(Platform platform) {
        return switch (platform) {
            case SYSV, OPENRC -> Optional.of("/var/log/docker.log");
            case UPSTART -> Optional.of("/var/log/upstart/docker.log");
            default -> Optional.empty();
        };
    }

    /** The engine's own words, without what systemd says about it. */
    private static List<String> journal(Platform platform, Instant since) {
        List<String> which =
                switch (platform) {
                    case SYSTEMD -> List.of("_SYSTEMD_UNIT=docker.service");
                    case ROOTLESS -> List.of("--user", "_SYSTEMD_USER_UNIT=docker.service");
                    case SNAP -> List.of("_SYSTEMD_UNIT=snap.docker.dockerd.service");
                    default -> List.of();
                };
        if (which.isEmpty()) {
            return List.of();
        }
        long millis = since.toEpochMilli();
        String moment = "@%d.%03d".formatted(millis / 1000, millis % 1000);
        List<String> command = new ArrayList<>(
                List.of("journalctl", "--quiet", "--no-pager", "--output=cat", "--lines=200", "--since=" + moment));
        command.addAll(which);
        return command;
    }

    /** The last errors since then; none where nothing can be read. */
    List<String> errors() throws InterruptedException {
        if (file.isPresent()) {
            return EngineLog.errors(file.get().added());
        }
        if (journal.isEmpty()) {
            return List.of();
        }
        try {
            return EngineLog.errors(means.commands().run(journal, PATIENCE).stdout());
        } catch (Fault cannotRun) {
            return List.of();
        }
    }
}
