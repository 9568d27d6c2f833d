package io.github.mirrorctl.fault;

import java.util.List;
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
        INFO
    }

    /**
     * A place in a text file.
     *
     * @param file the path as the user would type it
     * @param line counted from 1; 0 where the whole file is meant
     * @param column counted from 1 in characters; 0 where the whole line is meant
     * @param text the line itself, without its end
     */
    public record Place(String file, int line, int column, String text) {

        /** A file as a whole, which may be of any kind. */
        public static Place of(String file) {
            return new Place(file, 0, 0, "");
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
