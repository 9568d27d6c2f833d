package io.github.mirrorctl.daemon;

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
 * The {@code [Service]} settings of a systemd unit and its drop-ins that decide with which flags dockerd runs, read as in
 * <a href="https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html">systemd.syntax(7)</a>.
 */
public final class UnitFile {
    /** That of a service which has no unit. */
    public static final UnitFile NONE = new UnitFile(List.of());

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");
    private static final Pattern BRACED = Pattern.compile("\\$\\{(\\w+)}");
    private static final Pattern SHELL = Pattern.compile("(?:.*/)?(?:ba|da|a|z|k)?sh");
    private static final Pattern ASSIGNMENT = Pattern.compile("(\\w+)=(.*)", Pattern.DOTALL);
    /** systemd.service(5), "Special executable prefixes". */
    private static final Pattern EXECUTABLE_PREFIX = Pattern.compile("^[-@:+!|]+");

    private final List<Setting> settings;

    /**
     * A file that {@code EnvironmentFile=} names.
     *
     * @param optional whether a dash before it says that it may be missing
     */
    public record EnvironmentFile(String path, boolean optional) {}

    /** A line of the unit with its continuation lines. */
    private record Setting(String key, SourceText source, int start, List<Piece> value) {
        String text() {
            return textOf(value);
        }

        /** As it stands in the file, continuation lines and what is between them included. */
        String spelled() {
            return source.text()
                    .substring(start, source.lineEnd(value.get(value.size() - 1).start()));
        }

        FlagWords words() {
            return new FlagWords(value, Word.splitAsSystemd(value));
        }

        Argument argument(Word word) {
            return new Argument(
                    word.text(), source.placeAt(value.get(word.from()).start()));
        }
    }

    /** The files that a unit's variables come from, by the variable's name; empty for one that no file sets. */
    public interface EnvironmentFiles extends Function<String, Optional<DockerOpts>> {}

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
        return new Setting(key, source, line.get(0).start(), List.copyOf(line.subList(equals + 1, line.size())));
    }

    /** The unit with a drop-in applied to it. Apply them in the order of their file names, as systemd does. */
    public UnitFile with(UnitFile dropIn) {
        return new UnitFile(
                Stream.concat(settings.stream(), dropIn.settings.stream()).toList());
    }

    private List<Argument> command() {
        return execStart()
                .map(setting -> {
                    List<Argument> arguments = new ArrayList<>(commandWords(setting).words().stream()
                            .map(setting::argument)
                            .toList());
                    Argument program = arguments.get(0);
                    arguments.set(0, new Argument(withoutPrefix(program.text()), program.place()));
                    return arguments;
                })
                .orElse(new ArrayList<>());
    }

    private Optional<Setting> execStart() {
        return effective("ExecStart").stream().reduce((earlier, later) -> later);
    }

    private static String withoutPrefix(String program) {
        return EXECUTABLE_PREFIX.matcher(program).replaceFirst("");
    }

    /** The words of a command; where that is a shell's, those of its script too. */
    private static FlagWords commandWords(Setting setting) {
        FlagWords words = setting.words();
        String program = withoutPrefix(words.words().get(0).text());
        if (!SHELL.matcher(program).matches()) {
            return words;
        }
        List<Word> all = new ArrayList<>();
        for (Word word : words.words()) {
            List<Piece> pieces = word.pieces();
            for (Word part : Word.splitAtBlanks(pieces)) {
                int from = setting.value().indexOf(pieces.get(part.from()));
                int to = setting.value().indexOf(pieces.get(part.to() - 1)) + 1;
                boolean escaped = from < 0 || to < 1;
                all.add(escaped ? new Word(part.pieces(), word.from(), word.to()) : new Word(part.pieces(), from, to));
            }
        }
        return new FlagWords(setting.value(), all);
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

    /** The variable's value as the daemon gets it from {@code Environment=}; empty where that does not set it. */
    public Optional<Argument> variable(String name) {
        return lastOf(name).map(word -> word.setting().argument(word.value()));
    }

    /** The names of the variables in the daemon's command line, in their order. */
    public List<String> variables() {
        return command().stream()
                .flatMap(argument -> VARIABLE.matcher(argument.text()).results())
                .map(found -> Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2)))
                .toList();
    }

    /** Its words as arguments: the value that {@code Environment=} gives a variable, split as in a command line. */
    private static List<Argument> split(EnvironmentWord word) {
        return word.words().words().stream().map(word.setting()::argument).toList();
    }

    /**
     * An assignment in {@code Environment=}.
     *
     * @param value the part behind the equals sign
     */
    private record EnvironmentWord(Setting setting, String name, Word value) {
        FlagWords words() {
            List<Word> inValue = Word.splitAsSystemdVariable(value.pieces()).stream()
                    .map(word -> new Word(
                            word.pieces(),
                            value.from() + indexIn(word.from()),
                            value.from() + indexIn(word.to() - 1) + 1))
                    .toList();
            return new FlagWords(setting.value(), inValue);
        }

        /** How far from the word's beginning a piece of its value stands, since quotes are no pieces of it. */
        private int indexIn(int piece) {
            int start = value.pieces().get(piece).start();
            int at = value.from();
            while (setting.value().get(at).end() <= start) {
                at++;
            }
            return at - value.from();
        }
    }

    private List<EnvironmentWord> environmentWords() {
        List<EnvironmentWord> found = new ArrayList<>();
        for (Setting setting : effective("Environment")) {
            for (Word word : setting.words().words()) {
                Matcher assignment = ASSIGNMENT.matcher(word.text());
                if (assignment.matches()) {
                    found.add(new EnvironmentWord(setting, assignment.group(1), word.after(assignment.start(2))));
                }
            }
        }
        return found;
    }

    private Optional<EnvironmentWord> lastOf(String variable) {
        boolean isUnset = effective("UnsetEnvironment").stream()
                .flatMap(setting -> setting.words().words().stream())
                .anyMatch(word -> word.text().equals(variable));
        return environmentWords().stream()
                .filter(word -> !isUnset && word.name().equals(variable))
                .reduce((earlier, later) -> later);
    }

    /**
     * The command line as the daemon receives it: variables of the environment files, which outrank those of
     * {@code Environment=}, and of the unit itself put in (systemd.exec(5), "EnvironmentFile="). One that is a word of its own
     * is split into words, quotes respected (systemd.service(5), "Command lines"). Empty where a drop-in takes the command back.
     */
    public DaemonCommand commandLine(EnvironmentFiles files) {
        List<Argument> received = new ArrayList<>();
        for (Argument argument : command()) {
            Matcher variable = VARIABLE.matcher(argument.text());
            if (variable.matches() && variable.group(2) != null) {
                String name = variable.group(2);
                received.addAll(files.apply(name)
                        .map(DockerOpts::arguments)
                        .or(() -> lastOf(name).map(UnitFile::split))
                        .orElse(List.of()));
            } else {
                received.add(new Argument(substituted(argument.text(), files), argument.place()));
            }
        }
        return new DaemonCommand(received);
    }

    /** Inside a word only {@code ${NAME}} is a variable, and it is not split. */
    private String substituted(String text, EnvironmentFiles files) {
        return BRACED.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(files.apply(found.group(1))
                        .map(DockerOpts::value)
                        .or(() ->
                                lastOf(found.group(1)).map(word -> word.value().text()))
                        .orElse("")));
    }

    /**
     * The files of this unit that change when a flag is taken out of the command line and out of the variables that
     * {@code Environment=} sets for it: the new text by the path. What an environment file adds is left alone.
     */
    public Map<String, String> without(String flag, EnvironmentFiles files) {
        Map<SourceText, TextEdits> edits = new LinkedHashMap<>();
        execStart().ifPresent(setting -> remove(flag, commandWords(setting), setting, edits));
        variables().stream()
                .distinct()
                .filter(variable -> files.apply(variable).isEmpty())
                .flatMap(variable -> lastOf(variable).stream())
                .forEach(word -> remove(flag, word.words(), word.setting(), edits));
        Map<String, String> texts = new LinkedHashMap<>();
        edits.forEach((source, edit) -> texts.put(source.file(), edit.applyTo(source.text())));
        return texts;
    }

    private static void remove(String flag, FlagWords words, Setting setting, Map<SourceText, TextEdits> edits) {
        for (FlagWords.Flag found : words.find(flag).flags()) {
            words.remove(found, edits.computeIfAbsent(setting.source(), source -> new TextEdits()));
        }
    }

    /**
     * What a drop-in must hold to give a unit the settings of a changed version of one of its files. The list
     * {@code ExecStart=} is emptied first; {@code Environment=} need not be, since the last value counts.
     *
     * @param before the file as it is
     * @param after the same file with other values of the same settings
     */
    public static String settingsFor(UnitFile before, UnitFile after) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < before.settings.size(); i++) {
            Setting changed = after.settings.get(i);
            if (!changed.spelled().equals(before.settings.get(i).spelled())) {
                boolean isCommand = changed.key().equals("ExecStart");
                text.append(isCommand ? "ExecStart=\n" : "")
                        .append(changed.spelled())
                        .append('\n');
            }
        }
        return text.toString();
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
