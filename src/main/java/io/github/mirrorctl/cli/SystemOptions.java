package io.github.mirrorctl.cli;

import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.task.Installation;
import java.nio.file.Path;

/** Which installation of the engine is meant. */
final class SystemOptions {
    private final Argument<Path> root;
    private final Argument<String> platform;
    private final Argument<Path> config;

    SystemOptions(Arguments arguments) {
        root = arguments.option(Path.class, "DIR", "option.root", "--root");
        platform = arguments.option(String.class, "NAME", "option.platform", "--platform");
        config = arguments.option(Path.class, "FILE", "option.config", "--config");
    }

    /** Whether another installation is meant than that of the running machine. */
    boolean namesRoot() {
        return root.given().isPresent();
    }

    boolean namesFile() {
        return config.given().isPresent();
    }

    Host host(Host machine) {
        return root.given().map(machine::withRoot).orElse(machine);
    }

    Installation.Hints hints() {
        return new Installation.Hints(platform.given(), config.given());
    }
}
