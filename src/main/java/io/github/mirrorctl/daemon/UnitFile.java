package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The {@code [Service]} settings of a systemd unit and its drop-ins that decide with which flags dockerd runs, read as in
 * <a href="https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html">systemd.syntax(7)</a>.
 */
public final class UnitFile {
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");
    private static final Pattern ASSIGNMENT = Pattern.compile("(\\w+)=(.*)", Pattern.DOTALL);
    /** systemd.service(5), "Special executable prefixes". */
    private static final Pattern EXECUTABLE_PREFIX = Pattern.compile("^[-@:+!|]+");

    private final List<Setting> settings;

    /**
     * A flag of dockerd's.
     *
     * @param value empty where the flag has none
     * @param place the line on which it stands
     */
    public record Flag(String name, String value, Problem.Place place) {}

    /**
     * A file that {@code EnvironmentFile=} names.
     *
     * @param optional whether a dash before it says that it may be missing
     */
    public record EnvironmentFile(String path, boolean optional) {}

    /** A variable that {@code Environment=} sets. */
    public record Variable(String name, String value, Problem.Place place) {}

    /** A line of the unit with its continuation lines. */
    private record Setting(String key, SourceText source, List<Piece> value) {
        String text() {
            return textOf(value);
        }
    }

    /** A word of a command line and where it stands. */
    private record Argument(String text, Problem.Place place) {}

    private UnitFile(List<Setting> settings) {
        this.settings = List.copyOf(settings);
    }

    /** Reads a unit or a drop-in. Lines that mean nothing to systemd are passed over, as it does. */
    public static UnitFile parse(String content, String file) {
        SourceText source = new SourceText(file, content);
        List<Setting> settings = new ArrayList<>();
        String section = "";
        int at = 0;
        while (at < content.length()) {
            List<Piece> line = logicalLine(source, at);
            at = line.get(line.size() - 1).end();
            String text = textOf(line);
            if (text.startsWith("[")) {
                section = text;
            } else if (section.equals("[Service]") && !isComment(text) && text.contains("=")) {
                settings.add(setting(source, line));
            }
        }
        return new UnitFile(settings);
    }

    private static String textOf(List<Piece> pieces) {
        return new Word(pieces, 0, pieces.size()).text().strip();
    }

    /** A line with those that continue it; a backslash at a line's end stands for a blank, comments between are left out. */
    private static List<Piece> logicalLine(SourceText source, int start) {
        List<Piece> pieces = new ArrayList<>();
        String text = source.text();
        int at = start;
        boolean goesOn = true;
        while (goesOn && at < text.length()) {
            int end = source.lineEnd(at);
            int next = nextLine(text, end);
            String line = text.substring(at, end);
            boolean comment = isComment(line.strip());
            boolean leftOut = comment && at > start;
            goesOn = leftOut || (!comment && line.endsWith("\\"));
            int last = goesOn ? end - 1 : end;
            for (int i = at; i < last && !leftOut; i++) {
                pieces.add(Piece.character(text.charAt(i), i, i + 1, Piece.Quote.NONE));
            }
            pieces.add(Piece.character(' ', last, next, Piece.Quote.NONE));
            at = next;
        }
        return pieces;
    }

    private static int nextLine(String text, int lineEnd) {
        int feed = text.indexOf('\n', lineEnd);
        return feed < 0 ? text.length() : feed + 1;
    }

    private static boolean isComment(String text) {
        return text.startsWith("#") || text.startsWith(";");
    }

    private static Setting setting(SourceText source, List<Piece> line) {
        int equals = 0;
        while (line.get(equals).character() != '=') {
            equals++;
        }
        String key = textOf(line.subList(0, equals));
        return new Setting(key, source, List.copyOf(line.subList(equals + 1, line.size())));
    }

    /** The unit with a drop-in applied to it. Apply them in the order of their file names, as systemd does. */
    public UnitFile with(UnitFile dropIn) {
        return new UnitFile(
                Stream.concat(settings.stream(), dropIn.settings.stream()).toList());
    }

    /** The words of the command that starts the daemon, variables unexpanded; empty where a drop-in names none. */
    public List<String> execStart() {
        return command().stream().map(Argument::text).toList();
    }

    private List<Argument> command() {
        List<Setting> commands = effective("ExecStart");
        if (commands.isEmpty()) {
            return List.of();
        }
        List<Argument> arguments = new ArrayList<>(words(commands.get(commands.size() - 1)));
        Argument program = arguments.get(0);
        String path = EXECUTABLE_PREFIX.matcher(program.text()).replaceFirst("");
        arguments.set(0, new Argument(path, program.place()));
        return arguments;
    }

    /** The files that {@code EnvironmentFile=} names, in their order. */
    public List<EnvironmentFile> environmentFiles() {
        return effective("EnvironmentFile").stream()
                .map(Setting::text)
                .map(path -> path.startsWith("-")
                        ? new EnvironmentFile(path.substring(1), true)
                        : new EnvironmentFile(path, false))
                .toList();
    }

    /** What {@code Environment=} sets, in its order; of one name the last one counts. */
    public List<Variable> environment() {
        List<Variable> variables = new ArrayList<>();
        for (Setting setting : effective("Environment")) {
            for (Argument word : words(setting)) {
                Matcher assignment = ASSIGNMENT.matcher(word.text());
                if (assignment.matches()) {
                    variables.add(new Variable(assignment.group(1), assignment.group(2), word.place()));
                }
            }
        }
        return variables;
    }

    /** Whether the daemon's command line holds this variable, such as {@code DOCKER_OPTS}. */
    public boolean uses(String variable) {
        return variables().contains(variable);
    }

    /** The names of the variables in the daemon's command line, in their order. */
    public List<String> variables() {
        return command().stream()
                .flatMap(argument -> VARIABLE.matcher(argument.text()).results())
                .map(found -> Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2)))
                .toList();
    }

    /**
     * The places where the command line gives this flag, itself or through a variable that {@code Environment=} sets. What
     * an environment file adds is in that file.
     *
     * @param name with its dashes, such as {@code --registry-mirror}
     */
    public List<Flag> flags(String name) {
        List<Argument> arguments = command().stream().flatMap(this::expanded).toList();
        List<Flag> flags = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            Argument argument = arguments.get(i);
            if (argument.text().startsWith(name + "=")) {
                flags.add(new Flag(name, argument.text().substring(name.length() + 1), argument.place()));
            } else if (argument.text().equals(name)) {
                String value = i + 1 < arguments.size() ? arguments.get(i + 1).text() : "";
                flags.add(new Flag(name, value, argument.place()));
            }
        }
        return flags;
    }

    /** A variable that is a word of its own is split into words, quotes respected (systemd.service(5), "Command lines"). */
    private Stream<Argument> expanded(Argument argument) {
        Matcher variable = VARIABLE.matcher(argument.text());
        if (!variable.matches() || variable.group(2) == null) {
            return Stream.of(argument);
        }
        return environment().stream()
                .filter(each -> each.name().equals(variable.group(2)))
                .reduce((earlier, later) -> later)
                .stream()
                .flatMap(each -> split(each.value()).map(word -> new Argument(word, each.place())));
    }

    private static Stream<String> split(String value) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < value.length(); i++) {
            pieces.add(Piece.character(value.charAt(i), i, i + 1, Piece.Quote.NONE));
        }
        return Word.splitAsSystemd(pieces).stream().map(Word::text);
    }

    private static List<Argument> words(Setting setting) {
        return Word.splitAsSystemd(setting.value()).stream()
                .map(word -> new Argument(
                        word.text(),
                        setting.source()
                                .placeAt(setting.value().get(word.from()).start())))
                .toList();
    }

    /** The settings of a key that an empty one after them has not taken back. */
    private List<Setting> effective(String key) {
        List<Setting> found = new ArrayList<>();
        for (Setting setting : settings) {
            if (setting.key().equals(key)) {
                if (setting.value().stream().allMatch(Piece::isBlank)) {
                    found.clear();
                } else {
                    found.add(setting);
                }
            }
        }
        return found;
    }
}
