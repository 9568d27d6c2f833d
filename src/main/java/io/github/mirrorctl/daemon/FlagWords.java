package io.github.mirrorctl.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The words of a value, and how one flag is taken out of them so that all that stands around it stays.
 *
 * @param pieces the whole value
 * @param words what it was split into
 */
record FlagWords(List<Piece> pieces, List<Word> words) {

    /**
     * A flag with its value.
     *
     * @param first the word with the flag's name
     * @param value the part that is the value; the same word's where both are joined
     * @param joined whether it is written with an equals sign
     */
    record Flag(Word first, Word value, boolean joined) {}

    /** What was found of a flag: those with a value, and the words that lack one. */
    record Found(List<Flag> flags, List<Word> withoutValue) {}

    FlagWords {
        pieces = List.copyOf(pieces);
        words = List.copyOf(words);
    }

    /** @param name with its dashes, such as {@code --registry-mirror} */
    Found find(String name) {
        List<Flag> flags = new ArrayList<>();
        List<Word> withoutValue = new ArrayList<>();
        List<String> texts = words.stream().map(Word::text).toList();
        for (DaemonCommand.FlagAt at : DaemonCommand.find(texts, Set.of(name))) {
            Word first = words.get(at.first());
            Word value = at.joined() ? first.after(name.length() + 1) : words.get(at.last());
            if (at.hasValue() && !value.pieces().isEmpty()) {
                flags.add(new Flag(first, value, at.joined()));
            } else {
                withoutValue.add(first);
            }
        }
        return new Found(List.copyOf(flags), List.copyOf(withoutValue));
    }

    /** Deletes a flag with its value and the white space before it; at the beginning, that behind it. */
    void remove(Flag flag, TextEdits edits) {
        int from = gapStart(flag.first().from());
        int to = flag.value().to();
        while (from == 0 && to < pieces.size() && pieces.get(to).isGap() && isNextTo(to - 1)) {
            to++;
        }
        pieces.subList(from, to).forEach(edits::delete);
    }

    /** Where the white space begins that stands right before a piece. */
    int gapStart(int index) {
        int from = index;
        while (from > 0 && pieces.get(from - 1).isGap() && isNextTo(from - 1)) {
            from--;
        }
        return from;
    }

    /** Whether nothing, such as a quote or another assignment, stands between a piece and the next one. */
    private boolean isNextTo(int index) {
        return pieces.get(index).end() == pieces.get(index + 1).start();
    }
}
