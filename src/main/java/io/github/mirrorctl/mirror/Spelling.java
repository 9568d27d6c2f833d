package io.github.mirrorctl.mirror;

import java.util.Collection;
import java.util.Optional;

/** Finds what a misspelt word was meant to be. */
public final class Spelling {
    private Spelling() {}

    /**
     * The known word that the fewest slips lead to: a character too many, too few or wrong, or two that changed places.
     * Empty where even the nearest is further than a third of what was written.
     */
    public static Optional<String> nearest(String written, Collection<String> known) {
        Optional<String> best = Optional.empty();
        int fewest = Math.max(1, written.length() / 3) + 1;
        for (String word : known) {
            int slips = distance(written, word);
            if (slips < fewest) {
                fewest = slips;
                best = Optional.of(word);
            }
        }
        return best;
    }

    /** Levenshtein's distance in which two neighbours that changed places count once. */
    private static int distance(String a, String b) {
        int[][] slips = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    slips[i][j] = i + j;
                    continue;
                }
                boolean isSame = a.charAt(i - 1) == b.charAt(j - 1);
                slips[i][j] = Math.min(
                        slips[i - 1][j - 1] + (isSame ? 0 : 1), Math.min(slips[i - 1][j], slips[i][j - 1]) + 1);
                boolean changedPlaces =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (changedPlaces) {
                    slips[i][j] = Math.min(slips[i][j], slips[i - 2][j - 2] + 1);
                }
            }
        }
        return slips[a.length()][b.length()];
    }
}
