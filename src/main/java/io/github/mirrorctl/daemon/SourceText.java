package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text of a file that knows where in the file each character stands. A text that was mended names the places of the
 * file as it is on the disk.
 *
 * @param file the path as the user would type it
 * @param read what the file holds; empty where that is this text
 * @param changes what made this text of it, the first one first
 * @param positions of this text
 */
record SourceText(String file, String text, Optional<SourceText> read, List<Change> changes, TextPositions positions) {

    /** A span of a text that was replaced by another one of this length. */
    record Change(int start, int end, int length) {

        /** Where in the text before a character stood, or what it replaced. */
        private int origin(int offset) {
            if (offset < start) {
                return offset;
            }
            return offset < start + length ? start : offset - length + end - start;
        }
    }

    SourceText {
        changes = List.copyOf(changes);
    }

    SourceText(String file, String text) {
        this(file, text, Optional.empty(), List.of(), new TextPositions(text));
    }

    /** The text with one span replaced. */
    SourceText edited(int start, int end, String replacement) {
        String edited = text.substring(0, start) + replacement + text.substring(end);
        List<Change> all = new ArrayList<>(changes);
        all.add(new Change(start, end, replacement.length()));
        return new SourceText(file, edited, Optional.of(read.orElse(this)), all, new TextPositions(edited));
    }

    /** The place of a character, or of the end of the text. */
    Problem.Place placeAt(int offset) {
        int origin = offset;
        for (int i = changes.size() - 1; i >= 0; i--) {
            origin = changes.get(i).origin(origin);
        }
        return read.orElse(this).ownPlaceAt(origin);
    }

    private Problem.Place ownPlaceAt(int offset) {
        int lineStart = positions.lineStart(offset);
        Problem.Spot spot = new Problem.Spot(text, lineStart, offset, withoutReturn(offset, positions.lineEnd(offset)));
        int column = 1 + positions.characters(lineStart, offset);
        return new Problem.Place(file, positions.line(offset), column, spot);
    }

    /** Where the line that holds this character begins. */
    int lineStart(int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    /** Where the line that holds this character ends, before its line end. */
    int lineEnd(int offset) {
        int feed = text.indexOf('\n', offset);
        return withoutReturn(offset, feed < 0 ? text.length() : feed);
    }

    private int withoutReturn(int offset, int end) {
        boolean returned = end > offset && text.charAt(end - 1) == '\r';
        return returned ? end - 1 : end;
    }

    /** Where the next line begins, or the end of the text. */
    int nextLine(int offset) {
        int feed = text.indexOf('\n', offset);
        return feed < 0 ? text.length() : feed + 1;
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
