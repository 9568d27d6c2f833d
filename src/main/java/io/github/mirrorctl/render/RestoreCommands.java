package io.github.mirrorctl.render;

import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.task.RestoreTask;
import java.util.List;

/** Which commands make a restored file live, none where nothing was restored: a reload keeps the mirrors that run where the file speaks of none. */
final class RestoreCommands {
    private RestoreCommands() {}

    static List<String> of(RestoreTask.Report report) {
        if (report.written().isEmpty()) {
            return List.of();
        }
        Platform platform = report.installation().platform();
        boolean restarts = report.needsRestart() && !platform.fallbackCommands().isEmpty();
        return restarts ? platform.fallbackCommands() : platform.commands();
    }
}
