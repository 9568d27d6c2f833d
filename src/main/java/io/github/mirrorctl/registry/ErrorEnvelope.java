package io.github.mirrorctl.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A registry's own words about a failure: the first error of the envelope {@code {"errors":[{"code","message"}]}} (OCI
 * distribution spec, "Error Codes"), or the raw text where a registry keeps to no envelope.
 */
final class ErrorEnvelope {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST_RAW = 120;

    private ErrorEnvelope() {}

    /** The first error, as {@code CODE: message}; empty where the body is no envelope. */
    static Optional<String> parse(byte[] body) {
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isErrors = parser.currentName().equals("errors");
                if (parser.nextToken() == JsonToken.START_ARRAY && isErrors) {
                    return parser.nextToken() == JsonToken.START_OBJECT ? first(parser) : Optional.empty();
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> first(JsonParser parser) throws IOException {
        String code = "";
        String message = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING && name.equals("code")) {
                code = parser.getText();
            } else if (value == JsonToken.VALUE_STRING && name.equals("message")) {
                message = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        String text = code.isEmpty() ? message : message.isEmpty() ? code : code + ": " + message;
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** The registry's words, whatever form they have; empty where there are none, or a page. */
    static String words(Response response) {
        return parse(response.body()).orElseGet(() -> response.isHtml() ? "" : raw(response.body()));
    }

    private static String raw(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, LONGEST_RAW), StandardCharsets.UTF_8);
        return text.strip();
    }
}
