package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A daemon.json: what it says of mirrors, and the same document with other mirrors. Only the characters of that one value
 * ever change, since the file belongs to its owner.
 *
 * <p>What dockerd takes and refuses is in {@code getConflictFreeConfiguration} of moby's
 * {@code daemon/config/config.go}.
 */
public final class DaemonConfig {
    private final SourceText source;
    private final TextEncoding encoding;
    private final byte[] content;
    private final Optional<JsonValue> root;
    private final Optional<JsonValue.Member> member;
    private final List<MirrorEntry> entries;

    private DaemonConfig(SourceText source, TextEncoding encoding, byte[] content, Optional<JsonValue> root) {
        this.source = source;
        this.encoding = encoding;
        this.content = content.clone();
        this.root = root;
        this.member = root.flatMap(object -> mirrorsMember(source, object));
        this.entries = member.map(found -> entries(source, found.value())).orElse(List.of());
    }

    /** The text of such a file, to be shown: what cannot be read in its encoding stands as U+FFFD. */
    public static String text(byte[] content) {
        return TextEncoding.of(content).decodeLeniently(content);
    }

    /** The document that a missing file stands for. */
    public static DaemonConfig empty(String file) {
        return parse(new byte[0], file);
    }

    /**
     * Reads a file as strictly as dockerd does. A file with nothing in it is an empty document.
     *
     * @param file the path to name in problems
     * @throws Fault with the places of what cannot be understood; it tells whether {@link #repair} can
     */
    public static DaemonConfig parse(byte[] content, String file) {
        TextEncoding encoding = TextEncoding.of(content);
        SourceText source = decode(content, encoding, file);
        try {
            return read(source, encoding, content);
        } catch (Fault fault) {
            throw isMendable(source, encoding) ? fault.mendable() : fault;
        }
    }

    /**
     * A document and what had to be mended in the file to read it.
     *
     * @param mends empty where the file was right
     */
    public record Repaired(DaemonConfig config, List<Problem> mends) {
        public Repaired {
            mends = List.copyOf(mends);
        }
    }

    /**
     * Reads a file that may be broken, and mends what can be mended without guessing. Its problems have the places of the
     * file as it is. No value changes but that of the mirrors, and of that one only what dockerd would not start with.
     *
     * @throws Fault with the place of what cannot be mended
     */
    public static Repaired repair(byte[] content, String file) {
        TextEncoding encoding = TextEncoding.of(content);
        try {
            return repair(decode(content, encoding, file), encoding);
        } catch (Fault fault) {
            List<Problem> problems = new ArrayList<>(fault.problems());
            problems.add(Problem.of("not-mendable", Problem.Severity.INFO));
            throw fault.with(problems);
        }
    }

    private static Repaired repair(SourceText source, TextEncoding encoding) {
        if (source.text().isBlank()) {
            return new Repaired(read(source, encoding, encoding.encode(source.text())), List.of());
        }
        JsonRepair.Mended mended = MirrorsRepair.mend(JsonRepair.mend(source));
        byte[] content = encoding.encode(mended.source().text());
        return new Repaired(read(mended.source(), encoding, content), mended.mends());
    }

    private static boolean isMendable(SourceText source, TextEncoding encoding) {
        try {
            repair(source, encoding);
            return true;
        } catch (Fault fault) {
            return false;
        }
    }

    private static DaemonConfig read(SourceText source, TextEncoding encoding, byte[] content) {
        if (source.text().isBlank()) {
            return new DaemonConfig(source, encoding, content, Optional.empty());
        }
        JsonValue root = JsonReader.read(source);
        if (root.kind() != JsonValue.Kind.OBJECT) {
            throw source.refuse("not-an-object", root.start());
        }
        return new DaemonConfig(source, encoding, content, Optional.of(root));
    }

    private static SourceText decode(byte[] content, TextEncoding encoding, String file) {
        SourceText lenient = new SourceText(file, encoding.decodeLeniently(content));
        int nul = lenient.text().indexOf('\0');
        if (nul >= 0) {
            throw lenient.refuse("nul-byte", nul);
        }
        try {
            return new SourceText(file, encoding.decode(content));
        } catch (CharacterCodingException e) {
            int at = Math.max(0, lenient.text().indexOf('\uFFFD'));
            throw lenient.refuse("not-utf8", at).causedBy(e);
        }
    }

    private static Optional<JsonValue.Member> mirrorsMember(SourceText source, JsonValue object) {
        List<JsonValue.Member> found = object.members().stream()
                .filter(member -> member.name().equals(DaemonKeys.REGISTRY_MIRRORS))
                .toList();
        if (found.size() > 1) {
            throw source.refuse(found.stream()
                    .skip(1)
                    .map(again ->
                            source.error("duplicate-key", again.start(), again.name(), lineOf(source, found.get(0))))
                    .toList());
        }
        return found.stream().findFirst();
    }

    private static List<MirrorEntry> entries(SourceText source, JsonValue value) {
        if (value.kind() == JsonValue.Kind.NULL) {
            return List.of();
        }
        if (value.kind() != JsonValue.Kind.ARRAY) {
            throw source.refuse("mirrors-not-a-list", value.start());
        }
        List<MirrorEntry> entries = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (JsonValue element : value.elements()) {
            if (element.kind() != JsonValue.Kind.STRING) {
                String spelled = source.text().substring(element.start(), element.end());
                problems.add(source.error("mirrors-not-strings", element.start(), spelled));
            } else if (element.string().isBlank()) {
                problems.add(source.error("mirrors-empty-entry", element.start()));
            } else {
                curlyQuote(source, element).ifPresent(problems::add);
                entries.add(new MirrorEntry(element.string(), source.placeAt(element.start())));
            }
        }
        if (!problems.isEmpty()) {
            throw source.refuse(problems);
        }
        return List.copyOf(entries);
    }

    /** No address holds one, so that two entries run together here: {@code "https://a”, “https://b"}. */
    private static Optional<Problem> curlyQuote(SourceText source, JsonValue text) {
        return IntStream.range(text.start(), text.end())
                .filter(i -> JsonReader.CURLY_QUOTES.indexOf(source.text().charAt(i)) >= 0)
                .mapToObj(i -> source.error("curly-quote", i, source.text().substring(i, i + 1)))
                .findFirst();
    }

    /** Whether the file says nothing at all: missing, no bytes, or only blanks. */
    public boolean isEmpty() {
        return root.isEmpty();
    }

    /** Whether the key is there, whatever its value. */
    public boolean hasMirrors() {
        return member.isPresent();
    }

    /** Whether the bytes need an engine from 23.0 on, since older ones stop at a byte order mark. */
    public boolean hasByteOrderMark() {
        return encoding != TextEncoding.UTF_8;
    }

    /** The mirrors as spelled, in their order; empty for {@code []}, for {@code null} and without the key. */
    public List<String> mirrors() {
        return entries.stream().map(MirrorEntry::url).toList();
    }

    /** The mirrors with their places. */
    public List<MirrorEntry> entries() {
        return entries;
    }

    /**
     * The proxies that the file gives the engine; those that are no texts it would not start with.
     *
     * <p>Each one outranks the variable of its name ({@code configureProxyEnv} in moby's
     * {@code daemon/command/daemon.go}).
     */
    public ProxySettings proxies() {
        Optional<JsonValue> proxies = root.flatMap(object -> last(object, DaemonKeys.PROXIES));
        return new ProxySettings(
                proxies.flatMap(object -> text(object, "http-proxy")),
                proxies.flatMap(object -> text(object, "https-proxy")),
                proxies.flatMap(object -> text(object, "no-proxy")));
    }

    private static Optional<JsonValue> last(JsonValue object, String name) {
        return object.members().stream()
                .filter(member -> member.name().equals(name))
                .map(JsonValue.Member::value)
                .reduce((earlier, later) -> later);
    }

    private static Optional<String> text(JsonValue object, String name) {
        return last(object, name)
                .filter(value -> value.kind() == JsonValue.Kind.STRING)
                .map(JsonValue::string)
                .filter(value -> !value.isEmpty());
    }

    /** The document as read. */
    public byte[] content() {
        return content.clone();
    }

    /** The document with these mirrors instead. The same list gives the same bytes. */
    public byte[] withMirrors(List<String> mirrors) {
        return mirrors.equals(mirrors()) ? content() : spliced(mirrors);
    }

    /**
     * The document that says outright that there are no mirrors, by {@code []} or {@code null}: after a reload without
     * the key the engine keeps those that it has ({@code IsValueSet} in moby's {@code daemon/reload.go}).
     */
    public byte[] withoutMirrors() {
        return hasMirrors() ? withMirrors(List.of()) : spliced(List.of());
    }

    private byte[] spliced(List<String> mirrors) {
        if (root.isEmpty()) {
            return TextEncoding.UTF_8.encode(MirrorsSplice.newFile(mirrors));
        }
        MirrorsSplice splice = new MirrorsSplice(source, root.get());
        return encoding.encode(
                member.map(found -> splice.replace(found, mirrors)).orElseGet(() -> splice.add(mirrors)));
    }

    /**
     * What the engine would refuse or ignore of the keys and their values.
     *
     * @param engine the installed one's version; empty where it is unknown, and nothing is an error then
     */
    public List<Problem> problems(Optional<EngineVersion> engine) {
        return root.map(object -> KeyCheck.of(source, object, engine)).orElse(List.of());
    }

    /**
     * What the file sets and the engine's command line too, with which it does not start.
     *
     * @param start what the engine is started with
     */
    public List<Problem> conflicts(DaemonCommand start) {
        return root.map(object -> KeyConflicts.of(source, object, start)).orElse(List.of());
    }

    /** Whether no engine that we know would start with it, whichever version it has. */
    public boolean isRefusedByAll() {
        return DaemonKeys.versions().stream()
                .allMatch(engine -> problems(Optional.of(engine)).stream()
                        .anyMatch(problem -> problem.severity() == Problem.Severity.ERROR));
    }

    /** What {@link #readableBy} would change, said of the file as it is. */
    public Optional<Problem> unreadableBy(Optional<EngineVersion> engine) {
        boolean takesAll = engine.map(EngineVersion::takesMarksAndBlankFiles).orElse(false);
        boolean isBlankForSome = isEmpty() && engine.isPresent();
        if (takesAll || !(hasByteOrderMark() || isBlankForSome)) {
            return Optional.empty();
        }
        String code = isEmpty() ? "blank-file" : "byte-order-mark";
        return Optional.of(engine.isPresent() ? source.error(code, 0) : source.warning(code, 0));
    }

    /** The same document in a form that the engine reads: before 23.0 that is UTF-8 without a mark, and not blank. */
    public DaemonConfig readableBy(Optional<EngineVersion> engine) {
        boolean takesAll = engine.map(EngineVersion::takesMarksAndBlankFiles).orElse(true);
        if (takesAll || !(hasByteOrderMark() || isEmpty())) {
            return this;
        }
        String text = isEmpty() ? "{}\n" : source.text();
        return parse(TextEncoding.UTF_8.encode(text), source.file());
    }

    private static String lineOf(SourceText source, JsonValue.Member member) {
        return Integer.toString(source.placeAt(member.start()).line());
    }
}
