package io.github.mirrorctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorctl.cli.Run.Machine;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that holds a run of the program and what must come of it; {@code .github/CONTRIBUTING.md} lists its files.
 *
 * @param format the folder's parent, such as {@code daemon-json}
 * @param name the folder's own name
 */
record GoldenCase(String format, String name) {
    private static final Path ALL = Path.of("src", "test", "golden");
    /** The file that a format's cases are about, where neither they nor this says otherwise. */
    private static final String USUAL_TARGET = "etc/docker/daemon.json";

    private static final Map<String, String> OTHER_TARGETS = Map.of("docker-opts", "etc/default/docker");

    private static final Pattern PATH_BELOW_ROOT = Pattern.compile("\\{root\\}[^\\s\"',;()]*");
    private static final Pattern BACKUP = Pattern.compile("(?<=\\.mirrorctl-)\\d{8}T\\d{6}\\.\\d{3}Z-[0-9a-f]{12}");

    static Stream<GoldenCase> all() throws IOException {
        List<GoldenCase> all = new ArrayList<>();
        for (Path format : foldersIn(ALL)) {
            for (Path folder : foldersIn(format)) {
                all.add(new GoldenCase(String.valueOf(format.getFileName()), String.valueOf(folder.getFileName())));
            }
        }
        return all.stream();
    }

    /** The case that prints as this text. */
    static GoldenCase named(String formatAndName) {
        String[] names = formatAndName.split("/", 2);
        return new GoldenCase(names[0], names[1]);
    }

    private static List<Path> foldersIn(Path parent) throws IOException {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList();
        }
    }

    private Path in(String file) {
        return ALL.resolve(format).resolve(name).resolve(file);
    }

    /** The case's own files below a folder that stands for the machine. */
    Machine machine(Path root) throws IOException {
        Path own = in("root");
        if (Files.exists(own)) {
            copy(own, root);
        }
        Optional<byte[]> before = before();
        if (before.isPresent()) {
            Files.createDirectories(target(root).getParent());
            Files.write(target(root), before.get());
        }
        Machine machine = Machine.at(root);
        Optional<String> columns = text("columns");
        if (columns.isPresent()) {
            machine =
                    machine.atTerminal().with("COLUMNS", columns.get().strip()).with("TERM", "dumb");
        }
        for (Map.Entry<String, String> variable : environment().entrySet()) {
            machine = machine.with(variable.getKey(), variable.getValue());
        }
        return machine;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(path, copy);
            }
        }
    }

    Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        for (String line : lines("env")) {
            String[] sides = line.split("=", 2);
            environment.put(sides[0], sides[1]);
        }
        return environment;
    }

    /** The file that the case is about. */
    Path target(Path root) {
        return root.resolve(
                text("target").map(String::strip).orElseGet(() -> OTHER_TARGETS.getOrDefault(format, USUAL_TARGET)));
    }

    String[] arguments(Path root) {
        String catalog = ALL.resolve("catalog.json").toAbsolutePath().toString();
        String[] arguments = lines("args").stream()
                .map(line -> line.replace("{root}", root.toString()).replace("{catalog}", catalog))
                .toArray(String[]::new);
        if (mayWrite() && !List.of(arguments).contains("--root=" + root)) {
            throw new IllegalStateException(this + "/args must hold the line --root={root}");
        }
        return arguments;
    }

    /** Whether the command is one that changes files, and then has a dry run and can be undone. */
    boolean mayWrite() {
        return lines("args").contains("apply");
    }

    /** What the program is given on standard input. */
    byte[] stdin() {
        return bytes("stdin").orElse(new byte[0]);
    }

    /** How to undo what the case did. */
    String[] restoring(Path root) {
        Stream<String> same =
                Arrays.stream(arguments(root)).filter(argument -> argument.matches("--(root|platform|config)=.*"));
        return Stream.concat(Stream.of("restore"), same).toArray(String[]::new);
    }

    boolean isJson() {
        return OutputOptions.guess(lines("args").toArray(String[]::new)) == OutputFormat.json;
    }

    /** Empty where there is no file at first. */
    Optional<byte[]> before() {
        return bytes("before");
    }

    /** The same as {@link #before} where the case changes nothing. */
    Optional<byte[]> after() {
        return bytes("after").or(this::before);
    }

    boolean changes() {
        return bytes("after").isPresent();
    }

    int exit() {
        return text("exit").map(text -> Integer.parseInt(text.strip())).orElse(0);
    }

    Optional<String> stdout() {
        return text("stdout");
    }

    /** Empty where any will do. */
    Optional<String> stderr() {
        return text("stderr");
    }

    /** What differs from machine to machine, put as it stands in the expectations. */
    static String normalised(String output, Path root) {
        String named = output.replace(System.lineSeparator(), "\n")
                .replace(root.toString().replace("\\", "\\\\"), "{root}")
                .replace(root.toString(), "{root}");
        String slashes = File.separatorChar == '/' ? named : withSlashes(named);
        return BACKUP.matcher(slashes).replaceAll("{backup}");
    }

    /** On Windows, paths have backslashes, and doubled ones in JSON. */
    private static String withSlashes(String output) {
        return PATH_BELOW_ROOT
                .matcher(output)
                .replaceAll(path -> Matcher.quoteReplacement(
                        path.group().replace(path.group().contains("\\\\") ? "\\\\" : "\\", "/")));
    }

    /** Makes what the program did the expectation. Standard error is only kept where the case has a file for it. */
    void update(Run run, Path root) throws IOException {
        Files.writeString(in("stdout"), normalised(run.out(), root));
        if (stderr().isPresent()) {
            Files.writeString(in("stderr"), normalised(run.err(), root));
        }
        Optional<byte[]> now = Files.exists(target(root)) && Files.isRegularFile(target(root))
                ? Optional.of(Files.readAllBytes(target(root)))
                : Optional.empty();
        boolean same = now.isEmpty() || Arrays.equals(now.get(), before().orElse(null));
        replace("after", same ? Optional.empty() : now);
        replace("exit", run.exit() == 0 ? Optional.empty() : Optional.of((run.exit() + "\n").getBytes(UTF_8)));
    }

    private void replace(String file, Optional<byte[]> content) throws IOException {
        if (content.isPresent()) {
            Files.write(in(file), content.get());
        } else {
            Files.deleteIfExists(in(file));
        }
    }

    private List<String> lines(String file) {
        return text(file).map(text -> text.lines().toList()).orElse(List.of());
    }

    private Optional<String> text(String file) {
        return bytes(file).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private Optional<byte[]> bytes(String file) {
        Path path = in(file);
        try {
            return Files.exists(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return format + "/" + name;
    }
}
