package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.Argument;
import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.daemon.DockerOpts;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Those of an init script or an upstart job, and of the file of options that it sources; none on a platform that has
 * neither.
 *
 * @param scripts what starts the engine
 * @param options where {@code DOCKER_OPTS} stands; empty on a platform that has no such file
 * @param daemonJson where the platform has it
 */
record ScriptArguments(List<Path> scripts, Optional<ConfigTarget> options, Path daemonJson, FlagFiles files)
        implements DaemonArguments {
    /** What a script may hold in plain sight; all else in it is for a shell to tell. */
    private static final Pattern IN_SCRIPT =
            Pattern.compile("(--(?:registry-mirror|config-file))[= ]+[\"']?([^\\s\"';]+)");

    ScriptArguments {
        scripts = List.copyOf(scripts);
    }

    static ScriptArguments of(Host host, Platform platform, Path daemonJson) {
        List<Path> scripts =
                switch (platform) {
                    case SYSV, OPENRC -> List.of(host.path("/etc/init.d/docker"));
                    case UPSTART -> List.of(host.path("/etc/init/docker.conf"), host.path("/etc/init/docker.override"));
                    default -> List.of();
                };
        Optional<ConfigTarget> options =
                switch (platform) {
                    case SYSV, UPSTART -> Optional.of(platform.target(host));
                    case OPENRC -> Optional.of(ConfigTarget.dockerOpts(host, "/etc/conf.d/docker", "DOCKER_OPTS"));
                    default -> Optional.empty();
                };
        List<Path> all = Stream.concat(scripts.stream(), options.map(ConfigTarget::file).stream())
                .toList();
        return new ScriptArguments(scripts, options, daemonJson, FlagFiles.read(host, all, List.of()));
    }

    @Override
    public boolean isFound() {
        return !files.contents().isEmpty() || !files.unreadable().isEmpty();
    }

    @Override
    public DaemonCommand commandLine() {
        List<Argument> found = new ArrayList<>();
        for (Path script : scripts) {
            found.addAll(inScript(script));
        }
        flags().ifPresent(flags -> found.addAll(flags.opts().arguments()));
        return new DaemonCommand(found);
    }

    private Optional<EngineFile.Flags> flags() {
        return options.flatMap(target -> content(target.file())
                .map(content -> EngineFile.Flags.parse(
                        content, target.file().toString(), target.variable().orElseThrow(), DockerOpts.Dialect.SHELL)));
    }

    private List<Argument> inScript(Path script) {
        List<Argument> found = new ArrayList<>();
        List<String> lines = content(script).stream()
                .flatMap(content -> FileText.of(content).text().lines())
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher flag = IN_SCRIPT.matcher(line.strip().startsWith("#") ? "" : line);
            while (flag.find()) {
                int column = 1 + line.codePointCount(0, flag.start());
                Problem.Place place = new Problem.Place(script.toString(), i + 1, column, line);
                found.add(new Argument(flag.group(1) + "=" + flag.group(2), place));
            }
        }
        return found;
    }

    /** What a script sources reaches the engine only where it is exported. */
    @Override
    public Optional<Variable> variable(String name) {
        Pattern export = Pattern.compile("(?m)^\\s*export\\b[^#\\n]*\\b" + name + "\\b");
        return options.map(ConfigTarget::file)
                .flatMap(file -> content(file)
                        .map(content -> FileText.of(content).text())
                        .filter(text -> export.matcher(text).find())
                        .map(text -> DockerOpts.parse(text, file.toString(), name, DockerOpts.Dialect.SHELL))
                        .map(opts -> new Variable(opts.value(), file.toString())));
    }

    @Override
    public List<Problem> problems() {
        return flags().map(flags -> flags.opts().problems()).orElse(List.of());
    }

    @Override
    public List<Problem> unknown() {
        return files.unknown();
    }

    @Override
    public Optional<byte[]> content(Path file) {
        return files.content(file);
    }

    @Override
    public boolean isUnit(Path file) {
        return false;
    }

    @Override
    public List<Path> folders() {
        return Stream.concat(options.map(ConfigTarget::file).stream(), Stream.of(daemonJson))
                .flatMap(file -> Stream.ofNullable(file.getParent()))
                .distinct()
                .toList();
    }

    @Override
    public Map<Path, byte[]> without(String flag) {
        Map<Path, byte[]> edits = new LinkedHashMap<>();
        flags().filter(flags -> !flags.mirrors().isEmpty())
                .ifPresent(flags -> edits.put(options.orElseThrow().file(), flags.withMirrors(List.of())));
        return edits;
    }

    @Override
    public DaemonArguments with(Map<Path, byte[]> edits) {
        return new ScriptArguments(scripts, options, daemonJson, files.with(edits));
    }
}
