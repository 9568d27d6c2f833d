package io.github.mirrorctl.mirror;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a catalog by streaming, since a JSON tree would cost {@code list} more time than all its other work.
 *
 * <p>An entry needs an id and a URL; what else is missing takes the plainest meaning, so that a company's list can be
 * short. Members of a later version are passed over. What is there has to be right, and the line that is not is named.
 */
public final class CatalogReader {
    private static final int SCHEMA_VERSION = 1;

    private final JsonParser parser;
    private final String file;
    /** What comes with the program was checked by its tests, down to the schema. */
    private final boolean isOurs;

    private final List<Problem> warnings = new ArrayList<>();

    /** A catalog and what in it was passed over. */
    public record Checked(Catalog catalog, List<Problem> warnings) {

        public Checked {
            warnings = List.copyOf(warnings);
        }
    }

    private CatalogReader(JsonParser parser, String file, boolean isOurs) {
        this.parser = parser;
        this.file = file;
        this.isOurs = isOurs;
    }

    /** The catalog that comes with the program. */
    public static Catalog bundled() {
        try (InputStream in = CatalogReader.class.getResourceAsStream("mirrors.json")) {
            if (in == null) {
                throw new IllegalStateException("mirrors.json is not in the jar");
            }
            return read(in.readAllBytes(), "mirrors.json", true).catalog();
        } catch (IOException e) {
            throw new IllegalStateException("mirrors.json cannot be read from the jar", e);
        }
    }

    /**
     * Reads a catalog.
     *
     * @param file what to call it in messages
     * @throws Fault {@link FaultCode#CATALOG_INVALID} with the file and the line, and a problem for what is wrong there
     */
    public static Catalog parse(byte[] content, String file) {
        return check(content, file).catalog();
    }

    /**
     * The same, and a warning for each member that is not ours, which may be misspelt.
     *
     * @throws Fault as {@link #parse} does
     */
    public static Checked check(byte[] content, String file) {
        return read(content, file, false);
    }

    private static Checked read(byte[] content, String file, boolean isOurs) {
        try (JsonParser parser = new JsonFactory().createParser(content)) {
            CatalogReader reader = new CatalogReader(parser, file, isOurs);
            Catalog catalog = reader.catalog();
            return new Checked(catalog, reader.warnings);
        } catch (JsonEOFException e) {
            throw invalid(file, line(e), "catalog-ends-early").causedBy(e);
        } catch (JsonProcessingException e) {
            boolean isText = new String(content, StandardCharsets.UTF_8).indexOf('\ufffd') < 0;
            throw invalid(file, line(e), isText ? "catalog-not-json" : "catalog-not-utf8")
                    .causedBy(e);
        } catch (CharConversionException e) {
            throw invalid(file, 1, "catalog-not-utf8").causedBy(e);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory", e);
        }
    }

    private static int line(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null ? 1 : Math.max(1, at.getLineNr());
    }

    private Catalog catalog() throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw invalid(parser.currentToken() == null ? "catalog-empty" : "catalog-not-catalog");
        }
        String updated = "";
        List<Mirror> mirrors = List.of();
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = nameIn(seen);
            switch (name) {
                case "schemaVersion" -> requireVersion();
                case "updated" -> updated = day();
                case "mirrors" -> mirrors = mirrors();
                default -> passOver(name);
            }
        }
        for (String member : List.of("schemaVersion", "mirrors")) {
            if (!seen.contains(member)) {
                throw invalid("catalog-missing", member);
            }
        }
        if (parser.nextToken() != null) {
            throw invalid("catalog-text-after-end");
        }
        return new Catalog(updated, mirrors);
    }

    /** A member of an object; of two with one name nobody knows which is meant. */
    private String nameIn(Set<String> seen) throws IOException {
        String name = parser.currentName();
        if (!seen.add(name)) {
            throw invalid("catalog-repeated", path());
        }
        return name;
    }

    private void requireVersion() throws IOException {
        parser.nextToken();
        if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)
                || parser.getNumberType() != JsonParser.NumberType.INT
                || parser.getIntValue() != SCHEMA_VERSION) {
            throw invalid("catalog-version", String.valueOf(SCHEMA_VERSION));
        }
    }

    private String day() throws IOException {
        String text = text();
        if (!Catalog.isDay(text)) {
            throw invalid("catalog-day", path(), text);
        }
        return text;
    }

    private List<Mirror> mirrors() throws IOException {
        List<Mirror> mirrors = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        openArray();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            Mirror mirror = mirror();
            if (!ids.add(mirror.id())) {
                throw invalid("catalog-id-taken", mirror.id());
            }
            mirrors.add(mirror);
        }
        if (!parser.hasToken(JsonToken.END_ARRAY)) {
            throw invalid("catalog-not-object", path());
        }
        return mirrors;
    }

    private Mirror mirror() throws IOException {
        Members members = new Members();
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = nameIn(seen);
            switch (name) {
                case "id", "url", "kind", "status", "region", "usage" -> members.texts.put(name, text());
                case "operator", "statusAsOf", "homepage" -> {
                    Optional<String> text = optionalText();
                    if (text.isPresent()) {
                        members.texts.put(name, text.get());
                    }
                }
                case "name", "note" -> members.bilinguals.put(name, bilingual());
                case "scope", "evidence" -> members.lists.put(name, texts());
                case "tier" -> members.tier = tier();
                case "placeholder" -> members.placeholder = Optional.of(flag());
                case "upstreams" -> members.upstreams = upstreams();
                default -> passOver(name);
            }
        }
        return toMirror(members);
    }

    /** The members of one entry while they are gathered, in whatever order they come. */
    private static final class Members {
        final Map<String, String> texts = new HashMap<>();
        final Map<String, Bilingual> bilinguals = new HashMap<>();
        final Map<String, List<String>> lists = new HashMap<>();
        Optional<Tier> tier = Optional.empty();
        Optional<Boolean> placeholder = Optional.empty();
        List<Mirror.Upstream> upstreams = List.of();
    }

    private Mirror toMirror(Members members) {
        String url = required(members.texts, "url");
        boolean isTemplate = url.contains(Mirror.PLACEHOLDER);
        if (members.placeholder.isPresent() && members.placeholder.get() != isTemplate) {
            throw invalid("catalog-placeholder", member("placeholder"), Mirror.PLACEHOLDER);
        }
        if (!isOurs) {
            requireMirrorUrl(url.replace(Mirror.PLACEHOLDER, "id"));
        }
        String id = required(members.texts, "id");
        if (!isOurs && !isId(id)) {
            throw invalid("catalog-id", member("id"), id);
        }
        Bilingual plainName = new Bilingual(id, id);
        return new Mirror(
                id,
                url,
                members.bilinguals.getOrDefault("name", plainName),
                Optional.ofNullable(members.texts.get("operator")),
                oneOf("kind", Kind.values(), Kind::key, members.texts.getOrDefault("kind", Kind.COMMUNITY.key())),
                members.tier,
                oneOf(
                        "status",
                        Status.values(),
                        Status::key,
                        members.texts.getOrDefault("status", Status.UNKNOWN.key())),
                Optional.ofNullable(members.texts.get("statusAsOf")),
                members.lists.getOrDefault("scope", List.of("public")),
                members.texts.getOrDefault("region", "global"),
                members.upstreams,
                oneOf(
                        "usage",
                        Mirror.Usage.values(),
                        Mirror.Usage::key,
                        members.texts.getOrDefault("usage", Mirror.Usage.REGISTRY_MIRROR.key())),
                isTemplate,
                Optional.ofNullable(members.texts.get("homepage")),
                members.bilinguals.getOrDefault("note", new Bilingual("", "")),
                members.lists.getOrDefault("evidence", List.of()));
    }

    private static boolean isId(String text) {
        return !text.isEmpty()
                && text.charAt(0) != '-'
                && text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    private <T> T required(Map<String, T> values, String member) {
        T value = values.get(member);
        if (value == null) {
            throw invalid("catalog-missing", member(member));
        }
        return value;
    }

    private void requireMirrorUrl(String url) {
        try {
            MirrorUrl.parse(url);
        } catch (Fault refused) {
            // Its own arguments, since they leave passwords out.
            throw invalid(refused.code().key(), refused.arguments().toArray(String[]::new));
        }
    }

    private <T> T oneOf(String member, T[] values, Function<T, String> key, String text) {
        for (T value : values) {
            if (key.apply(value).equals(text)) {
                return value;
            }
        }
        String keys = String.join(", ", Arrays.stream(values).map(key).toList());
        throw invalid("catalog-value", member(member), keys, text);
    }

    private Optional<Tier> tier() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() == JsonParser.NumberType.INT) {
            int number = parser.getIntValue();
            for (Tier tier : Tier.values()) {
                if (tier.number() == number) {
                    return Optional.of(tier);
                }
            }
        }
        throw invalid("catalog-tier", path());
    }

    private boolean flag() throws IOException {
        JsonToken token = parser.nextToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw invalid("catalog-not-flag", path());
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private Bilingual bilingual() throws IOException {
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
            return new Bilingual(parser.getText(), parser.getText());
        }
        Map<String, String> texts = membersOfOpenObject();
        return new Bilingual(required(texts, "en"), required(texts, "zh"));
    }

    private List<Mirror.Upstream> upstreams() throws IOException {
        List<Mirror.Upstream> upstreams = new ArrayList<>();
        openArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Map<String, String> texts = membersOfOpenObject();
            upstreams.add(new Mirror.Upstream(required(texts, "registry"), required(texts, "url")));
        }
        return upstreams;
    }

    private Map<String, String> membersOfOpenObject() throws IOException {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            throw invalid("catalog-not-object", path());
        }
        Map<String, String> texts = new HashMap<>();
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = nameIn(seen);
            texts.put(name, text());
        }
        return texts;
    }

    private List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        openArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            texts.add(currentText());
        }
        return texts;
    }

    private String text() throws IOException {
        parser.nextToken();
        return currentText();
    }

    private Optional<String> optionalText() throws IOException {
        return parser.nextToken() == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(currentText());
    }

    private String currentText() throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            throw invalid("catalog-not-text", path());
        }
        return parser.getText();
    }

    private void passOver(String name) throws IOException {
        // Editors look for the schema under this name.
        if (!name.equals("$schema")) {
            int line = parser.currentTokenLocation().getLineNr();
            warnings.add(Problem.warning("catalog-member", new Problem.Place(file, line, 0, ""), name));
        }
        parser.nextToken();
        parser.skipChildren();
    }

    private void openArray() throws IOException {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw invalid("catalog-not-list", path());
        }
    }

    /** A member of the object that ends here, as {@link #path} names it. */
    private String member(String name) {
        String object = path();
        return object.isEmpty() ? name : object + "." + name;
    }

    /** Where the reading is, such as {@code mirrors[0].operator}. */
    private String path() {
        StringBuilder path = new StringBuilder();
        boolean opens = parser.hasToken(JsonToken.START_OBJECT) || parser.hasToken(JsonToken.START_ARRAY);
        JsonStreamContext at = parser.getParsingContext();
        for (JsonStreamContext each = opens ? at.getParent() : at; !each.inRoot(); each = each.getParent()) {
            path.insert(0, each.inArray() ? "[" + each.getCurrentIndex() + "]" : "." + each.getCurrentName());
        }
        return path.length() > 0 && path.charAt(0) == '.' ? path.substring(1) : path.toString();
    }

    private Fault invalid(String code, String... arguments) {
        return invalid(file, parser.currentTokenLocation().getLineNr(), code, arguments);
    }

    /**
     * The fault of a catalog that cannot be understood.
     *
     * @param code of what is wrong there, beside which its arguments stand
     */
    public static Fault invalid(String file, int line, String code, String... arguments) {
        Problem problem = Problem.error(code, new Problem.Place(file, line, 0, ""), arguments);
        return new Fault(FaultCode.CATALOG_INVALID, file, String.valueOf(line)).with(List.of(problem));
    }
}
