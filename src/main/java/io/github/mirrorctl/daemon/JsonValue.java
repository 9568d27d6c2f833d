package io.github.mirrorctl.daemon;

import java.util.List;

/**
 * A value of a JSON text and the span in which it stands.
 *
 * @param start where its first character stands
 * @param end behind its last character
 * @param string a string's value, without escapes; empty for all other kinds
 * @param members an object's members in their order, repeated names included
 * @param elements an array's elements
 */
record JsonValue(Kind kind, int start, int end, String string, List<Member> members, List<JsonValue> elements) {

    enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL
    }

    /**
     * A member of an object.
     *
     * @param name without escapes
     * @param start where the quote before the name stands
     * @param nameEnd behind the quote after the name
     */
    record Member(String name, int start, int nameEnd, JsonValue value) {}

    JsonValue {
        members = List.copyOf(members);
        elements = List.copyOf(elements);
    }

    static JsonValue plain(Kind kind, int start, int end) {
        return new JsonValue(kind, start, end, "", List.of(), List.of());
    }

    static JsonValue ofString(int start, int end, String string) {
        return new JsonValue(Kind.STRING, start, end, string, List.of(), List.of());
    }

    static JsonValue ofObject(int start, int end, List<Member> members) {
        return new JsonValue(Kind.OBJECT, start, end, "", members, List.of());
    }

    static JsonValue ofArray(int start, int end, List<JsonValue> elements) {
        return new JsonValue(Kind.ARRAY, start, end, "", List.of(), elements);
    }
}
