package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.daemon.DockerOpts;
import io.github.mirrorctl.daemon.UnitFile;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.UnitFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Those of a systemd unit, with its drop-ins and the environment files that set its variables. */
final class UnitArguments implements DaemonArguments {
    private static final String UNIT = "docker.service";

    private static final String DROP_IN =
            "# The flags of the packaged unit without its --registry-mirror, which have moved into daemon.json.\n[Service]\n";

    private final Host host;
    private final UnitFolder folder;
    private final Path daemonJson;
    private final List<UnitFolder.Part> parts;
    private final UnitFile unit;
    private final FlagFiles files;

    private UnitArguments(
            Host host,
            UnitFolder folder,
            Path daemonJson,
            List<UnitFolder.Part> parts,
            UnitFile unit,
            FlagFiles files) {
        this.host = host;
        this.folder = folder;
        this.daemonJson = daemonJson;
        this.parts = List.copyOf(parts);
        this.unit = unit;
        this.files = files;
    }

    /**
     * @param folder where the engine's unit lies
     * @param daemonJson where the platform has it
     */
    static UnitArguments of(Host host, UnitFolder folder, Path daemonJson) {
        UnitFolder.Service service = folder.read(UNIT);
        UnitFile unit = unit(service.parts());
        List<Path> beside = unit.variables().isEmpty() ? List.of() : environmentFiles(host, unit);
        return new UnitArguments(
                host, folder, daemonJson, service.parts(), unit, FlagFiles.read(host, beside, service.unreadable()));
    }

    private static UnitFile unit(List<UnitFolder.Part> parts) {
        return parts.stream()
                .map(part -> UnitFile.parse(text(part), part.file().toString()))
                .reduce(UnitFile.NONE, UnitFile::with);
    }

    private static String text(UnitFolder.Part part) {
        return FileText.of(part.content()).text();
    }

    private static List<Path> environmentFiles(Host host, UnitFile unit) {
        return unit.environmentFiles().stream()
                .flatMap(file -> host.matching(specified(host, file.path())).stream())
                .toList();
    }

    /** The specifiers of systemd.unit(5) that a user's service is written with. */
    private static String specified(Host host, String path) {
        return path.replace("%h", host.homeFolder()).replace("%%", "%");
    }

    @Override
    public boolean isFound() {
        return !parts.isEmpty();
    }

    @Override
    public DaemonCommand commandLine() {
        return unit.commandLine(this::inEnvironmentFile);
    }

    /** A file that gives one of the unit's variables its value. */
    private record EnvironmentFile(Path file, EngineFile.Flags flags) {}

    private Optional<DockerOpts> inEnvironmentFile(String variable) {
        return environmentFile(variable).map(found -> found.flags().opts());
    }

    private Optional<EnvironmentFile> environmentFile(String variable) {
        return environmentFile(variable, files::content);
    }

    /** Of several files the last one that sets a variable counts. */
    private Optional<EnvironmentFile> environmentFile(String variable, Function<Path, Optional<byte[]>> reader) {
        return environmentFiles(host, unit).stream()
                .flatMap(
                        file -> flagsIn(file, variable, reader).map(flags -> new EnvironmentFile(file, flags)).stream())
                .filter(found -> found.flags().opts().isSet())
                .reduce((earlier, later) -> later);
    }

    private static Optional<EngineFile.Flags> flagsIn(
            Path file, String variable, Function<Path, Optional<byte[]>> reader) {
        return reader.apply(file)
                .map(content -> EngineFile.Flags.parse(content, file.toString(), variable, DockerOpts.Dialect.SYSTEMD));
    }

    @Override
    public Optional<Variable> variable(String name) {
        return environmentFile(name, this::readAnyway)
                .map(found ->
                        new Variable(found.flags().opts().value(), found.file().toString()))
                .or(() -> unit.variable(name)
                        .map(found -> new Variable(found.text(), found.place().file())));
    }

    /** A file that holds none of the flags was not read when this was made. */
    private Optional<byte[]> readAnyway(Path file) {
        try {
            return files.content(file).or(() -> host.read(file));
        } catch (Fault notForUs) {
            return Optional.empty();
        }
    }

    @Override
    public List<Problem> problems() {
        List<String> variables = unit.variables().stream().distinct().toList();
        return environmentFiles(host, unit).stream()
                .flatMap(file ->
                        variables.stream().flatMap(variable -> flagsIn(file, variable, files::content).stream()))
                .flatMap(flags -> flags.opts().problems().stream())
                .toList();
    }

    @Override
    public List<Problem> unknown() {
        return files.unknown();
    }

    @Override
    public Optional<byte[]> content(Path file) {
        return parts.stream()
                .filter(part -> part.file().equals(file))
                .map(UnitFolder.Part::content)
                .findFirst()
                .or(() -> files.content(file));
    }

    @Override
    public boolean isUnit(Path file) {
        return isFound() && !environmentFiles(host, unit).contains(file);
    }

    @Override
    public List<Path> folders() {
        Stream<Path> beside = Stream.concat(environmentFiles(host, unit).stream(), Stream.of(daemonJson));
        return Stream.concat(folder.folders(UNIT).stream(), beside.flatMap(file -> Stream.ofNullable(file.getParent())))
                .distinct()
                .toList();
    }

    @Override
    public Map<Path, byte[]> without(String flag) {
        Map<Path, byte[]> edits = new LinkedHashMap<>();
        Map<String, String> texts = unit.without(flag, this::inEnvironmentFile);
        StringBuilder settings = new StringBuilder();
        for (UnitFolder.Part part : parts) {
            String file = part.file().toString();
            String text = texts.get(file);
            if (text != null && part.changeable()) {
                edits.put(part.file(), FileText.of(part.content()).encode(text));
            } else if (text != null) {
                settings.append(UnitFile.settingsFor(UnitFile.parse(text(part), file), UnitFile.parse(text, file)));
            }
        }
        if (settings.length() > 0) {
            edits.put(folder.newDropIn(UNIT), (DROP_IN + settings).getBytes(StandardCharsets.UTF_8));
        }
        for (String variable : unit.variables().stream().distinct().toList()) {
            // Two variables may stand in one file.
            with(edits)
                    .environmentFile(variable)
                    .filter(in -> !in.flags().mirrors().isEmpty())
                    .ifPresent(in -> edits.put(in.file(), in.flags().withMirrors(List.of())));
        }
        return edits;
    }

    @Override
    public UnitArguments with(Map<Path, byte[]> edits) {
        List<UnitFolder.Part> changed = new ArrayList<>();
        for (UnitFolder.Part part : parts) {
            byte[] content = edits.getOrDefault(part.file(), part.content());
            changed.add(new UnitFolder.Part(part.file(), content, part.changeable()));
        }
        Path dropIn = folder.newDropIn(UNIT);
        if (edits.containsKey(dropIn)) {
            changed.add(new UnitFolder.Part(dropIn, edits.get(dropIn), true));
        }
        return new UnitArguments(host, folder, daemonJson, changed, unit(changed), files.with(edits));
    }
}
