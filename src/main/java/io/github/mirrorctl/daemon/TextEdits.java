package io.github.mirrorctl.daemon;

import java.util.Map;
import java.util.TreeMap;

/** Changes to a text, collected first and made together, so that each names a place of the unchanged text. */
final class TextEdits {
    private final Map<Integer, Integer> deletions = new TreeMap<>();
    private final Map<Integer, String> insertions = new TreeMap<>();

    void delete(Piece piece) {
        deletions.put(piece.start(), piece.end());
    }

    /** Adds text before the character at this place, behind what was inserted there already. */
    void insert(int at, String text) {
        insertions.merge(at, text, String::concat);
    }

    String applyTo(String text) {
        StringBuilder edited = new StringBuilder();
        int at = 0;
        while (at <= text.length()) {
            edited.append(insertions.getOrDefault(at, ""));
            int end = deletions.getOrDefault(at, at);
            if (end > at) {
                at = end;
            } else {
                edited.append(text, at, Math.min(at + 1, text.length()));
                at++;
            }
        }
        return edited.toString();
    }
}
