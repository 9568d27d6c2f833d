package io.github.mirrorctl.daemon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * JSON that another program wrote, of which a few members are wanted wherever they stand. What is not there is read as
 * something without content, so that no question fails. Much smaller than a library's tree, since it lies on the way of
 * every start: that one's classes take longer to load than all the rest of a probe's beginning.
 *
 * @param text a string's value, and a number as it is spelled; empty for all other kinds
 * @param members an object's, in their order; of two of one name the last counts, as Go reads it
 * @param elements an array's
 */
record JsonTree(Kind kind, String text, Map<String, JsonTree> members, List<JsonTree> elements) {
    /** What another program's output may be; only the first four have content. */
    enum Kind {
        OBJECT,
        ARRAY,
        TEXT,
        NUMBER,
        TRUE,
        FALSE,
        NULL,
        MISSING
    }

    static final JsonTree MISSING = plain(Kind.MISSING);

    private static final JsonFactory JSON = new JsonFactory();

    JsonTree {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        elements = List.copyOf(elements);
    }

    private static JsonTree plain(Kind kind) {
        return new JsonTree(kind, "", Map.of(), List.of());
    }

    /** The one value of a text; empty where it is no JSON, or more than one value. */
    static Optional<JsonTree> whole(String text) {
        return parse(text, true);
    }

    /** The first value of a text, whatever follows, which is all that Go's decoder reads; empty where it is no JSON. */
    static Optional<JsonTree> first(String text) {
        return parse(text, false);
    }

    private static Optional<JsonTree> parse(String text, boolean isAll) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return Optional.empty();
            }
            JsonTree root = value(parser);
            return isAll && parser.nextToken() != null ? Optional.empty() : Optional.of(root);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("text in memory can be read", e);
        }
    }

    /** Recursive, in the depth that the parser bounds. */
    private static JsonTree value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, JsonTree> members = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, value(parser));
                }
                yield new JsonTree(Kind.OBJECT, "", members, List.of());
            }
            case START_ARRAY -> {
                List<JsonTree> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                yield new JsonTree(Kind.ARRAY, "", Map.of(), elements);
            }
            case VALUE_STRING -> new JsonTree(Kind.TEXT, parser.getText(), Map.of(), List.of());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                new JsonTree(Kind.NUMBER, parser.getText(), Map.of(), List.of());
            case VALUE_TRUE -> plain(Kind.TRUE);
            case VALUE_FALSE -> plain(Kind.FALSE);
            default -> plain(Kind.NULL);
        };
    }

    boolean isObject() {
        return kind == Kind.OBJECT;
    }

    boolean isArray() {
        return kind == Kind.ARRAY;
    }

    boolean isText() {
        return kind == Kind.TEXT;
    }

    boolean isNull() {
        return kind == Kind.NULL;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    /** A member, or {@link #MISSING}. */
    JsonTree get(String name) {
        JsonTree member = members.get(name);
        return member == null ? MISSING : member;
    }

    /** @param otherwise the answer where it is neither true nor false */
    boolean isTrue(boolean otherwise) {
        return kind == Kind.TRUE || (otherwise && kind != Kind.FALSE);
    }

    /** Whether any string in it, however deep, holds these words. */
    boolean mentions(String words) {
        return text.contains(words)
                || elements.stream().anyMatch(element -> element.mentions(words))
                || members.values().stream().anyMatch(member -> member.mentions(words));
    }
}
