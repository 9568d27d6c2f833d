package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.Argument;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ProcessTable;
import java.util.List;
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

    /** The values of a flag, placed in the process's command line. */
    static List<Argument> values(ProcessTable.Engine engine, String flag) {
        Problem.Place place = new Problem.Place("/proc/" + engine.id() + "/cmdline", 1, 0, "");
        List<Argument> words =
                engine.words().stream().map(word -> new Argument(word, place)).toList();
        return DaemonArguments.values(words, flag);
    }

    static String id(ProcessTable.Engine engine) {
        return String.valueOf(engine.id());
    }
}
