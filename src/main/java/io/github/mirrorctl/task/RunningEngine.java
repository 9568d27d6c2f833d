package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.Argument;
import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ProcessTable;
import java.util.Optional;

/** The engine's process, where a platform has it on this side of a virtual machine and {@code /proc} shows it. */
final class RunningEngine {
    private RunningEngine() {}

    /** Below {@code --root} nothing describes the running machine. */
    static Optional<ProcessTable.Engine> of(Host host, Platform platform) {
        if (host.isRooted()) {
            return Optional.empty();
        }
        ProcessTable processes = new ProcessTable(host);
        Optional<String> socket = EngineAddress.of(host).address().flatMap(EngineApi::socket);
        return switch (platform) {
            case SYSTEMD, SYSV, UPSTART, OPENRC -> processes.engineOf("root", socket, false);
            case SNAP -> processes.engineOf("root", socket, true);
            case ROOTLESS -> processes.engineOf(host.user(), socket, true);
            default -> Optional.empty();
        };
    }

    /** What the process was started with. */
    static DaemonCommand commandLine(ProcessTable.Engine engine) {
        Problem.Place place = new Problem.Place("/proc/" + engine.id() + "/cmdline", 1, 0, "");
        return new DaemonCommand(
                engine.words().stream().map(word -> new Argument(word, place)).toList());
    }

    static String id(ProcessTable.Engine engine) {
        return String.valueOf(engine.id());
    }
}
