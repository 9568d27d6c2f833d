package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that hands flags to dockerd in a variable, such as {@code DOCKER_OPTS} in /etc/default/docker, and the same file
 * with other {@code --registry-mirror} flags. All other words, quotes and comments stay.
 *
 * <p>The scripts of moby's {@code contrib/init} source the file and expand the variable without quotes, so that white
 * space alone parts its words; a unit with {@code EnvironmentFile=} leaves the reading to systemd. Where only a running
 * shell could tell what the variable holds, the file is refused.
 */
public final class DockerOpts {
    private static final Pattern SAFE_URL = Pattern.compile("[A-Za-z0-9._~:/\\[\\]%@+,=-]+");
    private static final Pattern DASH = Pattern.compile("[\u2010-\u2015\u2212]+-?[a-z]");

    private final SourceText source;
    private final String variable;
    private final Dialect dialect;
    private final EffectiveValue effective;
    private final List<Piece> value;
    private final FlagWords words;
    private final List<FlagWords.Flag> flags;
    private final List<Problem> problems;

    /** Who reads the file. */
    public enum Dialect {
        /** An init script that sources it. */
        SHELL,
        /** A unit that names it as {@code EnvironmentFile=}. */
        SYSTEMD
    }

    private DockerOpts(SourceText source, String variable, Dialect dialect, EffectiveValue effective) {
        this.source = source;
        this.variable = variable;
        this.dialect = dialect;
        this.effective = effective;
        this.value = effective.pieces();
        this.words = new FlagWords(
                value, dialect == Dialect.SHELL ? Word.splitAtBlanks(value) : Word.splitAsSystemdVariable(value));
        this.problems = new ArrayList<>(effective.problems());
        this.flags = findFlags();
        judgeWords();
    }

    /**
     * Reads the file.
     *
     * @param file the path to name in problems
     * @param variable {@code DOCKER_OPTS}, {@code OPTIONS} or {@code other_args}
     * @throws Fault with the place where a quote is not closed or only a shell could tell the effect
     */
    public static DockerOpts parse(String content, String file, String variable, Dialect dialect) {
        SourceText source = new SourceText(file, content);
        EffectiveValueReader reader = new EffectiveValueReader(source, variable, DaemonCommand.REGISTRY_MIRROR);
        EffectiveValue effective = dialect == Dialect.SHELL ? reader.afterShell() : reader.inEnvironmentFile();
        return new DockerOpts(source, variable, dialect, effective);
    }

    private List<FlagWords.Flag> findFlags() {
        FlagWords.Found found = words.find(DaemonCommand.REGISTRY_MIRROR);
        for (Word lacking : found.withoutValue()) {
            problems.add(source.error("flag-without-value", lacking.start(), DaemonCommand.REGISTRY_MIRROR));
        }
        Map<Integer, FlagWords.Flag> byPlace = new LinkedHashMap<>();
        for (FlagWords.Flag flag : found.flags()) {
            if (flag.value().hasExpansion()) {
                throw source.refuse("shell-needed", flag.value().start());
            }
            byPlace.putIfAbsent(flag.first().start(), flag);
        }
        return List.copyOf(byPlace.values());
    }

    private void judgeWords() {
        for (Word word : words.words()) {
            if (DASH.matcher(word.text()).lookingAt()) {
                problems.add(source.error("en-dash-flag", word.start(), word.text()));
            }
            if (dialect == Dialect.SYSTEMD && word.text().startsWith("$")) {
                problems.add(source.warning("not-expanded", word.start(), word.text()));
            }
        }
        for (FlagWords.Flag flag : flags) {
            String url = flag.value().text();
            if (url.contains("\"") || url.contains("'")) {
                problems.add(source.error("literal-quote", flag.value().start(), url));
            }
        }
    }

    /** Whether the file sets the variable at all. */
    public boolean isSet() {
        return !effective.chain().isEmpty();
    }

    /** The mirrors in the order in which dockerd receives them, as it receives them. */
    public List<String> mirrors() {
        return flags.stream().map(flag -> flag.value().text()).toList();
    }

    /** The mirrors with their places. */
    public List<MirrorEntry> entries() {
        return flags.stream()
                .map(flag -> new MirrorEntry(
                        flag.value().text(), source.placeAt(flag.first().start())))
                .toList();
    }

    /** What the variable holds, variables in it shown as {@code $}; empty where it is not set. */
    public String value() {
        return new Word(value, 0, value.size()).text();
    }

    /** The words of the variable, in the order in which dockerd receives them. */
    public List<Argument> arguments() {
        return words.words().stream()
                .map(word -> new Argument(
                        word.text(), source.placeAt(value.get(word.from()).start())))
                .toList();
    }

    /** What stands in the file and does not do what its author hoped. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /**
     * The file with these mirrors instead. The same list gives the same text. The result is read again before it is
     * given away, so that no other word can change.
     *
     * @throws Fault where a mirror holds characters that mean something to a shell, or where the edit would not have the
     *     effect that was asked for
     */
    public String withMirrors(List<String> mirrors) {
        if (mirrors.equals(mirrors())) {
            return source.text();
        }
        String edited = isSet() ? withFlags(mirrors) : withNewLine(mirrors);
        DockerOpts after = parse(edited, source.file(), variable, dialect);
        boolean asAsked = after.mirrors().equals(mirrors) && after.otherWords().equals(otherWords());
        if (!asAsked) {
            throw words.find(DaemonCommand.REGISTRY_MIRROR).withoutValue().stream()
                    .findFirst()
                    .map(lacking -> source.refuse("flag-without-value", lacking.start(), DaemonCommand.REGISTRY_MIRROR))
                    .orElseGet(() -> source.refuse(
                            "shell-needed", isSet() ? lastAssignment().start() : 0));
        }
        return edited;
    }

    private List<String> otherWords() {
        List<Word> others = new ArrayList<>(words.words());
        flags.forEach(flag -> {
            others.removeIf(word -> word.from() == flag.first().from());
            others.removeIf(word -> word.to() == flag.value().to());
        });
        return others.stream().map(Word::text).toList();
    }

    private String requireSafe(String mirror) {
        if (!SAFE_URL.matcher(mirror).matches()) {
            int at = isSet() ? lastAssignment().start() : 0;
            throw source.refuse("unsafe-mirror", at, mirror);
        }
        return mirror;
    }

    private Assignment lastAssignment() {
        return effective.chain().get(effective.chain().size() - 1);
    }

    private String withFlags(List<String> mirrors) {
        int kept = Math.min(flags.size(), mirrors.size());
        List<FlagWords.Flag> removed = flags.subList(kept, flags.size());
        List<String> added = mirrors.subList(kept, mirrors.size());
        int addedAt = placeForMore();
        List<Assignment> quoted = effective.chain().stream()
                .filter(Assignment::isBare)
                .filter(assignment -> (!added.isEmpty() && assignment.holds(addedAt))
                        || removed.stream()
                                .anyMatch(flag -> assignment.holds(flag.first().start())))
                .toList();

        TextEdits edits = new TextEdits();
        quoted.forEach(assignment -> edits.insert(assignment.valueStart(), "\""));
        for (int i = 0; i < kept; i++) {
            Word url = flags.get(i).value();
            if (!url.text().equals(mirrors.get(i))) {
                url.pieces().forEach(edits::delete);
                edits.insert(url.start(), requireSafe(mirrors.get(i)));
            }
        }
        removed.forEach(flag -> words.remove(flag, edits));
        add(added, addedAt, edits);
        quoted.forEach(assignment -> edits.insert(assignment.valueEnd(), "\""));
        return edits.applyTo(source.text());
    }

    /** Behind the last mirror, or else at the end of the value. */
    private int placeForMore() {
        if (flags.isEmpty()) {
            return lastAssignment().insertAt();
        }
        return value.get(lastFlag().value().to() - 1).end();
    }

    private FlagWords.Flag lastFlag() {
        return flags.get(flags.size() - 1);
    }

    private void add(List<String> mirrors, int at, TextEdits edits) {
        boolean followsWord = !value.isEmpty() && !value.get(value.size() - 1).isGap();
        String gap = flags.isEmpty() ? (followsWord ? " " : "") : gapBefore(lastFlag());
        String flag =
                DaemonCommand.REGISTRY_MIRROR + (flags.isEmpty() || lastFlag().joined() ? "=" : " ");
        for (String mirror : mirrors) {
            edits.insert(at, gap + flag + requireSafe(mirror));
            gap = gap.isEmpty() ? " " : gap;
        }
    }

    /** What parts the flag from the word before it, so that one flag a line stays one flag a line. */
    private String gapBefore(FlagWords.Flag flag) {
        int first = flag.first().from();
        int from = words.gapStart(first);
        return from == first
                ? " "
                : source.text()
                        .substring(value.get(from).start(), value.get(first).start());
    }

    /** It ends as Unix ends lines even where no other does: a shell would make a carriage return a part of the value. */
    private String withNewLine(List<String> mirrors) {
        String flags = mirrors.stream()
                .map(mirror -> DaemonCommand.REGISTRY_MIRROR + "=" + requireSafe(mirror))
                .reduce((a, b) -> a + " " + b)
                .orElse("");
        String line = variable + "=\"" + flags + "\"";
        Pattern example = Pattern.compile("[#;\\s]*(?:export\\s+)?" + Pattern.quote(variable) + "=");
        int at = -1;
        for (int comment : effective.comments()) {
            Matcher found = example.matcher(source.text()).region(comment, source.lineEnd(comment));
            at = found.lookingAt() ? source.lineEnd(comment) : at;
        }
        String text = source.text();
        if (at >= 0) {
            int next = text.indexOf('\n', at) + 1;
            return next == 0 ? text + "\n" + line : text.substring(0, next) + line + "\n" + text.substring(next);
        }
        boolean open = !text.isEmpty() && !text.endsWith("\n");
        return text + (open ? "\n" : "") + line + "\n";
    }
}
