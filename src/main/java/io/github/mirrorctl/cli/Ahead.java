package io.github.mirrorctl.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something that is found out in a thread of its own while the command does something else that it will need too: what
 * stands before the first connection is what a probe costs beyond its time.
 */
final class Ahead<T> {
    private final FutureTask<T> task;

    private Ahead(Callable<T> work) {
        task = new FutureTask<>(work);
    }

    static <T> Ahead<T> begin(String name, Callable<T> work) {
        Ahead<T> ahead = new Ahead<>(work);
        Thread thread = new Thread(ahead.task, name);
        thread.setDaemon(true);
        thread.start();
        return ahead;
    }

    /**
     * What was found.
     *
     * @throws RuntimeException what the work threw, as if it had been done here
     * @throws InterruptedException where this thread was interrupted; the work is too then
     */
    T get() throws InterruptedException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
