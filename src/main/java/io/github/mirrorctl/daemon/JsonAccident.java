package io.github.mirrorctl.daemon;

import java.util.List;
import java.util.Locale;

/**
 * What stopped the reading of a JSON text.
 *
 * @param at the character to point at
 * @param gap of something that is missing, where it belongs; otherwise the same as {@code at}
 * @param arguments what fills the places of the sentence
 */
record JsonAccident(Kind kind, int at, int gap, List<String> arguments) {

    /** The accidents that people have with this file. */
    enum Kind {
        TRAILING_COMMA,
        MISSING_COMMA,
        DOUBLED_COMMA,
        MISSING_COLON,
        EQUALS_SIGN,
        COMMENT,
        CURLY_QUOTE,
        SINGLE_QUOTE,
        FULL_WIDTH_PUNCTUATION,
        INVISIBLE_CHARACTER,
        UNQUOTED_KEY,
        UNQUOTED_ADDRESS,
        /** A bracket; its argument is the opening one. */
        UNCLOSED,
        UNCLOSED_TEXT,
        MISSING_OPENING_BRACE,
        TEXT_BEFORE_START,
        TEXT_AFTER_END,
        TWO_DOCUMENTS,
        HERE_DOCUMENT,
        NESTED_TOO_DEEP,
        /** None of the above. */
        JSON_SYNTAX;

        private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The code of the problem, such as {@code trailing-comma}. */
        String key() {
            return key;
        }
    }

    JsonAccident {
        arguments = List.copyOf(arguments);
    }
}
