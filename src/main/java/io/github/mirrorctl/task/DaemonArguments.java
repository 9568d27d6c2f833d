package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.Argument;
import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.daemon.DockerOpts;
import io.github.mirrorctl.daemon.UnitFile;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.UnitFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The flags with which the files of the machine start an engine, each with the file and line it comes from: the unit with
 * its drop-ins and environment files under systemd, the file of options and the script elsewhere. Immutable; of the
 * machine it tells what was read when it was made.
 */
final class DaemonArguments {
    private static final String UNIT = "docker.service";
    /** What a script may hold in plain sight; all else in it is for a shell to tell. */
    private static final Pattern IN_SCRIPT =
            Pattern.compile("(--(?:registry-mirror|config-file))[= ]+[\"']?([^\\s\"';]+)");

    private static final String DROP_IN =
            "# The flags of the packaged unit without its --registry-mirror, which have moved into daemon.json.\n[Service]\n";

    private final Host host;
    private final Platform platform;
    private final UnitFolder.Service service;
    private final Optional<UnitFile> unit;
    private final Map<Path, byte[]> contents;
    private final List<Path> unreadable;

    private DaemonArguments(
            Host host,
            Platform platform,
            UnitFolder.Service service,
            Map<Path, byte[]> contents,
            List<Path> unreadable) {
        this.host = host;
        this.platform = platform;
        this.service = service;
        this.unit = unit(service);
        this.contents = Map.copyOf(contents);
        this.unreadable = List.copyOf(unreadable);
    }

    /** Reads what starts a platform's engine; no arguments where nothing on the machine tells. */
    static DaemonArguments of(Host host, Platform platform) {
        UnitFolder.Service service = folder(host, platform)
                .map(folder -> folder.read(UNIT))
                .orElse(new UnitFolder.Service(List.of(), List.of()));
        Map<Path, byte[]> contents = new LinkedHashMap<>();
        List<Path> unreadable = new ArrayList<>(service.unreadable());
        for (Path file : filesBeside(host, platform, unit(service))) {
            try {
                host.read(file).ifPresent(content -> contents.put(file, content));
            } catch (Fault notForUs) {
                unreadable.add(file);
            }
        }
        return new DaemonArguments(host, platform, service, contents, unreadable);
    }

    private static Optional<UnitFile> unit(UnitFolder.Service service) {
        return service.parts().stream()
                .map(part -> UnitFile.parse(text(part), part.file().toString()))
                .reduce(UnitFile::with);
    }

    /** The files that count beside the unit: those that set its variables, or where there is none the script's. */
    private static List<Path> filesBeside(Host host, Platform platform, Optional<UnitFile> unit) {
        if (unit.isPresent()) {
            return unit.get().variables().isEmpty() ? List.of() : environmentFiles(host, unit);
        }
        return Stream.concat(
                        scripts(platform).stream().map(host::path),
                        options(host, platform).stream().map(ConfigTarget::file))
                .toList();
    }

    private static Optional<UnitFolder> folder(Host host, Platform platform) {
        return switch (platform) {
            case SYSTEMD -> Optional.of(UnitFolder.ofSystem(host));
            case ROOTLESS -> Optional.of(UnitFolder.ofUser(host));
            default -> Optional.empty();
        };
    }

    /**
     * What the engine is started with; empty where nothing tells.
     *
     * @throws Fault {@code CONFIG_INVALID} where a file of options cannot be understood
     */
    DaemonCommand commandLine() {
        return unit.map(found -> found.commandLine(this::inEnvironmentFile)).orElseGet(this::inOptions);
    }

    /**
     * A variable that the engine is started with.
     *
     * @param file that sets it
     */
    record Variable(String value, String file) {
        @Override
        public String toString() {
            return file;
        }
    }

    /**
     * The variable as the files give it to the engine; empty where none does.
     *
     * @throws Fault {@code CONFIG_INVALID} where only a shell could tell
     */
    Optional<Variable> variable(String name) {
        if (unit.isEmpty()) {
            return options(host, platform).stream()
                    .flatMap(options -> exported(options.file(), name).stream())
                    .findFirst();
        }
        return environmentFile(name, this::readAnyway)
                .map(found ->
                        new Variable(found.flags().opts().value(), found.file().toString()))
                .or(() -> unit.flatMap(found -> found.variable(name))
                        .map(found -> new Variable(found.text(), found.place().file())));
    }

    /** What an init script sources reaches the engine only where it is exported. */
    private Optional<Variable> exported(Path file, String name) {
        Pattern export = Pattern.compile("(?m)^\\s*export\\b[^#\\n]*\\b" + name + "\\b");
        return read(file)
                .map(content -> FileText.of(content).text())
                .filter(text -> export.matcher(text).find())
                .map(text -> DockerOpts.parse(text, file.toString(), name, DockerOpts.Dialect.SHELL))
                .map(opts -> new Variable(opts.value(), file.toString()));
    }

    /** Whether any file tells how the engine is started. */
    boolean isFound() {
        return unit.isPresent()
                || Stream.concat(
                                options(host, platform).stream().map(ConfigTarget::file),
                                scripts(platform).stream().map(host::path))
                        .anyMatch(file -> host.exists(file.toString()));
    }

    /** What stands in the files of flags and does not do what its author hoped, or keeps the engine from starting. */
    List<Problem> problems() {
        if (unit.isEmpty()) {
            return options(host, platform).stream()
                    .flatMap(options -> optionsIn(options).stream())
                    .flatMap(flags -> flags.opts().problems().stream())
                    .toList();
        }
        List<String> variables = unit.get().variables().stream().distinct().toList();
        return environmentFiles(host, unit).stream()
                .flatMap(file -> read(file).stream()
                        .flatMap(content -> variables.stream()
                                .map(variable -> EngineFile.Flags.parse(
                                        content, file.toString(), variable, DockerOpts.Dialect.SYSTEMD))))
                .flatMap(flags -> flags.opts().problems().stream())
                .toList();
    }

    /** The files that this user may not read, so that flags in them are unknown. */
    List<Problem> unknown() {
        return unreadable.stream()
                .distinct()
                .map(file -> Problem.of("flags-unknown", Severity.WARNING, file.toString()))
                .toList();
    }

    /** The bytes of one of the files as they were read; empty where it was not there. */
    Optional<byte[]> content(Path file) {
        return service.parts().stream()
                .filter(part -> part.file().equals(file))
                .map(UnitFolder.Part::content)
                .findFirst()
                .or(() -> read(file));
    }

    /** Whether a file is one that only {@code systemctl daemon-reload} makes systemd read again. */
    boolean isUnit(Path file) {
        return unit.isPresent() && !environmentFiles(host, unit).contains(file);
    }

    /** Where files may lie that {@link #without} changes. */
    List<Path> folders() {
        Stream<Path> files = Stream.concat(
                environmentFiles(host, unit).stream(),
                Stream.concat(
                        options(host, platform).stream().map(ConfigTarget::file),
                        Stream.of(platform.daemonJson(host).file())));
        return Stream.concat(
                        folder(host, platform).stream().flatMap(folder -> folder.folders(UNIT).stream()),
                        files.flatMap(file -> Stream.ofNullable(file.getParent())))
                .distinct()
                .toList();
    }

    // ---- systemd ----

    private static List<Path> environmentFiles(Host host, Optional<UnitFile> unit) {
        return unit.stream()
                .flatMap(found -> found.environmentFiles().stream())
                .flatMap(file -> host.matching(specified(host, file.path())).stream())
                .toList();
    }

    /** The specifiers of systemd.unit(5) that a user's service is written with. */
    private static String specified(Host host, String path) {
        return path.replace("%h", host.homeFolder()).replace("%%", "%");
    }

    /** A file that gives one of the unit's variables its value. */
    private record EnvironmentFile(Path file, EngineFile.Flags flags) {}

    private Optional<DockerOpts> inEnvironmentFile(String variable) {
        return environmentFile(variable).map(found -> found.flags().opts());
    }

    /** Of several files the last one that sets a variable counts. */
    private Optional<EnvironmentFile> environmentFile(String variable) {
        return environmentFile(variable, this::read);
    }

    private Optional<EnvironmentFile> environmentFile(String variable, Function<Path, Optional<byte[]>> reader) {
        return environmentFiles(host, unit).stream()
                .flatMap(file -> reader.apply(file).stream()
                        .map(content -> new EnvironmentFile(
                                file,
                                EngineFile.Flags.parse(
                                        content, file.toString(), variable, DockerOpts.Dialect.SYSTEMD))))
                .filter(found -> found.flags().opts().isSet())
                .reduce((earlier, later) -> later);
    }

    private Optional<byte[]> read(Path file) {
        return Optional.ofNullable(contents.get(file)).map(byte[]::clone);
    }

    /** A file that holds none of the flags was not read when this was made. */
    private Optional<byte[]> readAnyway(Path file) {
        try {
            return read(file).or(() -> host.read(file));
        } catch (Fault notForUs) {
            return Optional.empty();
        }
    }

    private static String text(UnitFolder.Part part) {
        return FileText.of(part.content()).text();
    }

    // ---- init scripts ----

    private static List<ConfigTarget> options(Host host, Platform platform) {
        ConfigTarget usual = platform.target(host);
        return switch (platform) {
            case SYSV, UPSTART -> List.of(usual);
            case OPENRC -> List.of(ConfigTarget.dockerOpts(host, "/etc/conf.d/docker", "DOCKER_OPTS"));
            default -> List.of();
        };
    }

    private static List<String> scripts(Platform platform) {
        return switch (platform) {
            case SYSV, OPENRC -> List.of("/etc/init.d/docker");
            case UPSTART -> List.of("/etc/init/docker.conf", "/etc/init/docker.override");
            default -> List.of();
        };
    }

    private DaemonCommand inOptions() {
        List<Argument> found = new ArrayList<>();
        for (String script : scripts(platform)) {
            found.addAll(inScript(host.path(script)));
        }
        for (ConfigTarget options : options(host, platform)) {
            optionsIn(options).ifPresent(flags -> found.addAll(flags.opts().arguments()));
        }
        return new DaemonCommand(found);
    }

    private Optional<EngineFile.Flags> optionsIn(ConfigTarget options) {
        return read(options.file())
                .map(content -> EngineFile.Flags.parse(
                        content,
                        options.file().toString(),
                        options.variable().orElseThrow(),
                        DockerOpts.Dialect.SHELL));
    }

    private List<Argument> inScript(Path script) {
        List<Argument> found = new ArrayList<>();
        List<String> lines = read(script).stream()
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

    // ---- the same without a flag ----

    /**
     * The files as they would be without a flag, by their paths. A unit or drop-in that its owner does not change, such as
     * a package's, stays, and a new drop-in says what it shall say instead.
     */
    Map<Path, byte[]> without(String flag) {
        Map<Path, byte[]> edits = new LinkedHashMap<>();
        unit.ifPresent(found -> withoutInUnit(flag, found, edits));
        for (ConfigTarget options : options(host, platform)) {
            optionsIn(options)
                    .filter(flags -> !flags.mirrors().isEmpty())
                    .ifPresent(flags -> edits.put(options.file(), flags.withMirrors(List.of())));
        }
        return edits;
    }

    private void withoutInUnit(String flag, UnitFile found, Map<Path, byte[]> edits) {
        Map<String, String> texts = found.without(flag, this::inEnvironmentFile);
        StringBuilder settings = new StringBuilder();
        for (UnitFolder.Part part : service.parts()) {
            String file = part.file().toString();
            String text = texts.get(file);
            if (text != null && part.changeable()) {
                edits.put(part.file(), FileText.of(part.content()).encode(text));
            } else if (text != null) {
                settings.append(UnitFile.settingsFor(UnitFile.parse(text(part), file), UnitFile.parse(text, file)));
            }
        }
        if (settings.length() > 0) {
            edits.put(newDropIn(), (DROP_IN + settings).getBytes(StandardCharsets.UTF_8));
        }
        for (String variable : found.variables().stream().distinct().toList()) {
            // Two variables may stand in one file.
            with(edits)
                    .environmentFile(variable)
                    .filter(in -> !in.flags().mirrors().isEmpty())
                    .ifPresent(in -> edits.put(in.file(), in.flags().withMirrors(List.of())));
        }
    }

    private Path newDropIn() {
        return folder(host, platform).orElseThrow().newDropIn(UNIT);
    }

    /** What would be, had these files this content. */
    DaemonArguments with(Map<Path, byte[]> edits) {
        List<UnitFolder.Part> parts = new ArrayList<>();
        for (UnitFolder.Part part : service.parts()) {
            byte[] content = edits.getOrDefault(part.file(), part.content());
            parts.add(new UnitFolder.Part(part.file(), content, part.changeable()));
        }
        if (unit.isPresent()) {
            Path dropIn = newDropIn();
            Optional.ofNullable(edits.get(dropIn))
                    .ifPresent(content -> parts.add(new UnitFolder.Part(dropIn, content, true)));
        }
        Map<Path, byte[]> changed = new LinkedHashMap<>(contents);
        changed.putAll(edits);
        return new DaemonArguments(host, platform, new UnitFolder.Service(parts, List.of()), changed, List.of());
    }
}
