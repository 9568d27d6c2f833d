package io.github.mirrorctl.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a run begins to change something: before it, a Ctrl-C ends the program at once; behind it, the change is finished
 * and reported first. Safe for use by several threads.
 */
public final class PointOfNoReturn {
    private final List<Runnable> farewells = new ArrayList<>();
    private boolean isPassed;
    private boolean isClosed;

    /**
     * Goes on to change something.
     *
     * @throws InterruptedException where the program is about to end
     */
    synchronized void pass() throws InterruptedException {
        if (isClosed) {
            throw new InterruptedException();
        }
        isPassed = true;
    }

    /** Has something done as soon as a Ctrl-C comes, whether the program then ends at once or not. */
    synchronized void onInterrupt(Runnable farewell) {
        farewells.add(farewell);
    }

    /**
     * Lets nothing pass any more.
     *
     * @return whether nothing has passed
     */
    public synchronized boolean close() {
        isClosed = true;
        farewells.forEach(Runnable::run);
        return !isPassed;
    }
}
