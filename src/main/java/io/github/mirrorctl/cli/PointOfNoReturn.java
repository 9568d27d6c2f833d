package io.github.mirrorctl.cli;

/**
 * Where a run begins to change something: before it, a Ctrl-C ends the program at once; behind it, the change is finished
 * and reported first. Safe for use by several threads.
 */
public final class PointOfNoReturn {
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

    /**
     * Lets nothing pass any more.
     *
     * @return whether nothing has passed
     */
    public synchronized boolean close() {
        isClosed = true;
        return !isPassed;
    }
}
