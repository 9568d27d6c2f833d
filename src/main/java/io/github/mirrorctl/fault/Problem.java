package io.github.mirrorctl.fault;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Something found in a file or on the machine that its owner should know, with the place where it stands.
 *
 * @param code stable lower-case words joined by hyphens; its sentence stands in the message bundles under
 *     {@code problem.}
 * @param arguments what fills the places of the sentence
 * @param place where it was found; empty where it is not in a file
 */
public record Problem(String code, Severity severity, List<String> arguments, Optional<Place> place) {

    /** How much it matters. */
    public enum Severity {
        /** The engine would refuse to start, or the mirrors cannot work. */
        ERROR,
        WARNING,
        INFO;

        private final String key = name().toLowerCase(Locale.ROOT);

        /** As JSON spells it. */
        public String key() {
            return key;
        }
    }

    /**
     * A place in a text file.
     *
     * @param file the path as the user would type it
     * @param line counted from 1; 0 where the whole file is meant
     * @param column counted from 1 in characters; 0 where the whole line is meant
     * @param spot the same in the text that was read
     */
    public record Place(String file, int line, int column, Spot spot) {

        /** @param text the line itself, without its end */
        public Place(String file, int line, int column, String text) {
            this(file, line, column, Spot.in(text, column));
        }

        /** A file as a whole, which may be of any kind. */
        public static Place of(String file) {
            return new Place(file, 0, 0, "");
        }
    }

    /**
     * A character of a line. The line is a span of a text and no text of its own, since one that is as long as its file
     * can have as many places as characters.
     *
     * @param text what holds the line, such as a whole file
     * @param lineStart where the line begins in it
     * @param at the character
     * @param lineEnd where the line ends, before its line end
     */
    public record Spot(String text, int lineStart, int at, int lineEnd) {

        private static Spot in(String line, int column) {
            int characters = line.codePointCount(0, line.length());
            int before = Math.max(0, Math.min(column - 1, characters));
            return new Spot(line, 0, line.offsetByCodePoints(0, before), line.length());
        }
    }

    public Problem {
        arguments = List.copyOf(arguments);
    }

    public static Problem error(String code, Place place, String... arguments) {
        return new Problem(code, Severity.ERROR, List.of(arguments), Optional.of(place));
    }

    public static Problem warning(String code, Place place, String... arguments) {
        return new Problem(code, Severity.WARNING, List.of(arguments), Optional.of(place));
    }

    /** A problem that has no place in a file. */
    public static Problem of(String code, Severity severity, String... arguments) {
        return new Problem(code, severity, List.of(arguments), Optional.empty());
    }
}
