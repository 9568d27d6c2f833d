package io.github.mirrorctl.task;

import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.Host;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What the machine is asked and told through while an engine takes a file.
 *
 * @param info asks {@code GET /info}
 * @param containers asks {@code GET /containers/json}
 * @param nanos a clock that nobody sets, in nanoseconds
 * @param clock names the moment from which the log counts
 */
record Means(Runs commands, Asks info, Asks containers, LongSupplier nanos, Pauses pause, Clock clock) {

    @FunctionalInterface
    interface Runs {
        CommandRunner.Result run(List<String> command, Duration deadline) throws InterruptedException;
    }

    /** Asks the engine at an address. */
    @FunctionalInterface
    interface Asks {
        EngineApi.Answer ask(String address, Duration deadline) throws InterruptedException;
    }

    @FunctionalInterface
    interface Pauses {
        void pause(Duration duration) throws InterruptedException;
    }

    /** The machine itself. */
    static Means of(Host host, CommandRunner commands, Clock clock) {
        return new Means(
                commands::run,
                (address, deadline) -> new EngineApi(host, address).info(deadline),
                (address, deadline) -> new EngineApi(host, address).containers(deadline),
                System::nanoTime,
                duration -> Thread.sleep(duration.toMillis()),
                clock);
    }
}
