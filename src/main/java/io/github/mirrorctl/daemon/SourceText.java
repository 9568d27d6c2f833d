package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import java.util.List;

/**
 * The text of a file that knows where in the file each character stands.
 *
 * @param file the path as the user would type it
 */
record SourceText(String file, String text) {

    /** The place of a character, or of the end of the text. */
    Problem.Place placeAt(int offset) {
        int lineStart = lineStart(offset);
        int line = 1
                + (int) text.substring(0, lineStart)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        int column = 1 + text.codePointCount(lineStart, offset);
        return new Problem.Place(file, line, column, text.substring(lineStart, lineEnd(offset)));
    }

    /** Where the line that holds this character begins. */
    int lineStart(int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    /** Where the line that holds this character ends, before its line end. */
    int lineEnd(int offset) {
        int feed = text.indexOf('\n', offset);
        int end = feed < 0 ? text.length() : feed;
        boolean returned = end > offset && text.charAt(end - 1) == '\r';
        return returned ? end - 1 : end;
    }

    /** The line end that the file uses, a line feed where it has only one line. */
    String lineBreak() {
        int feed = text.indexOf('\n');
        return feed > 0 && text.charAt(feed - 1) == '\r' ? "\r\n" : "\n";
    }

    Problem error(String code, int offset, String... arguments) {
        return Problem.error(code, placeAt(offset), arguments);
    }

    Problem warning(String code, int offset, String... arguments) {
        return Problem.warning(code, placeAt(offset), arguments);
    }

    /** The fault of a file that cannot be understood because of what stands here. */
    Fault refuse(String code, int offset, String... arguments) {
        return refuse(List.of(error(code, offset, arguments)));
    }

    Fault refuse(List<Problem> problems) {
        return new Fault(FaultCode.CONFIG_INVALID, file).with(problems);
    }
}
