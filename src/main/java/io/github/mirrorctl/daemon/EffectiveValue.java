package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Problem;
import java.util.List;

/**
 * What a file finally makes of one variable.
 *
 * @param chain the assignments that have a part in it, in their order: the last one, and those that it refers to
 * @param pieces the whole value
 * @param comments where the file's comments begin
 */
record EffectiveValue(List<Assignment> chain, List<Piece> pieces, List<Integer> comments, List<Problem> problems) {
    EffectiveValue {
        chain = List.copyOf(chain);
        pieces = List.copyOf(pieces);
        comments = List.copyOf(comments);
        problems = List.copyOf(problems);
    }
}
