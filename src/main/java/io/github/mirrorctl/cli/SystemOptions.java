package io.github.mirrorctl.cli;

import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.task.Installation;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which installation of the engine is meant. */
final class SystemOptions {
    @Option(names = "--root", paramLabel = "DIR", descriptionKey = "option.root")
    Optional<Path> root = Optional.empty();

    @Option(names = "--platform", paramLabel = "NAME", descriptionKey = "option.platform")
    Optional<String> platform = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", descriptionKey = "option.config")
    Optional<Path> config = Optional.empty();

    Host host(Host machine) {
        return root.map(machine::withRoot).orElse(machine);
    }

    Installation.Hints hints() {
        return new Installation.Hints(platform, config);
    }
}
