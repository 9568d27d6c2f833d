package io.github.mirrorctl.daemon;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * A key of daemon.json.
 *
 * @param since the first release that knows it; empty where that is older than 20.10
 * @param end the first release that no longer does
 */
record DaemonKey(String name, Shape shape, Optional<EngineVersion> since, Optional<End> end) {

    /**
     * How a key went.
     *
     * @param isRefused whether dockerd stops at it since; else it passes it over
     */
    record End(EngineVersion version, boolean isRefused) {}

    /** What dockerd unmarshals a value into; {@code null} always passes, except for a {@link #SIZE}. */
    enum Shape {
        TEXT("\"…\""),
        SWITCH("true"),
        /** An integer of Go's, which takes neither a point nor an exponent. */
        WHOLE_NUMBER("10"),
        /** {@code MemBytes.UnmarshalJSON} in moby's {@code opts} looks for the quotes itself. */
        SIZE("\"64m\""),
        TEXTS("[\"…\"]"),
        POOLS("[{\"base\": \"…\", \"size\": 24}]"),
        OPTIONS("{\"…\": \"…\"}"),
        SWITCHES("{\"…\": true}"),
        OBJECTS("{\"…\": {…}}"),
        OPTIONS_BY_NAME("{\"…\": {\"…\": \"…\"}}"),
        OBJECT("{…}");

        private final String example;

        Shape(String example) {
            this.example = example;
        }

        /** How such a value is written. */
        String example() {
            return example;
        }

        /** The value, or the one inside it, that dockerd cannot unmarshal. */
        Optional<JsonValue> misfit(JsonValue value, SourceText source) {
            if (value.kind() == JsonValue.Kind.NULL) {
                return this == SIZE ? Optional.of(value) : Optional.empty();
            }
            return switch (this) {
                case TEXT, SIZE -> unless(value, value.kind() == JsonValue.Kind.STRING);
                case SWITCH ->
                    unless(value, value.kind() == JsonValue.Kind.TRUE || value.kind() == JsonValue.Kind.FALSE);
                case WHOLE_NUMBER -> unless(value, value.kind() == JsonValue.Kind.NUMBER && isWhole(value, source));
                case TEXTS -> inside(value, JsonValue.Kind.ARRAY, TEXT, source);
                case POOLS -> inside(value, JsonValue.Kind.ARRAY, OBJECT, source);
                case OPTIONS -> inside(value, JsonValue.Kind.OBJECT, TEXT, source);
                case SWITCHES -> inside(value, JsonValue.Kind.OBJECT, SWITCH, source);
                case OBJECTS -> inside(value, JsonValue.Kind.OBJECT, OBJECT, source);
                case OPTIONS_BY_NAME -> inside(value, JsonValue.Kind.OBJECT, OPTIONS, source);
                case OBJECT -> unless(value, value.kind() == JsonValue.Kind.OBJECT);
            };
        }

        private static boolean isWhole(JsonValue number, SourceText source) {
            return source.text().substring(number.start(), number.end()).matches("-?[0-9]{1,18}");
        }

        private static Optional<JsonValue> unless(JsonValue value, boolean fits) {
            return fits ? Optional.empty() : Optional.of(value);
        }

        private static Optional<JsonValue> inside(JsonValue value, JsonValue.Kind kind, Shape each, SourceText source) {
            if (value.kind() != kind) {
                return Optional.of(value);
            }
            return Stream.concat(
                            value.elements().stream(), value.members().stream().map(JsonValue.Member::value))
                    .flatMap(inner -> each.misfit(inner, source).stream())
                    .findFirst();
        }
    }

    /** Whether the engine is too old to know it. */
    boolean isTooNewFor(EngineVersion engine) {
        return since.map(engine::isBefore).orElse(false);
    }

    /** Whether the engine has given it up. */
    boolean isGoneFrom(EngineVersion engine) {
        return end.map(gone -> !engine.isBefore(gone.version())).orElse(false);
    }
}
