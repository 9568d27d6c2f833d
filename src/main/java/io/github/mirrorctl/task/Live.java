package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What came of making the engine take the file.
 *
 * @param isRolledBack whether the file was put back as it was, since the engine did not take it
 * @param problems what should be known of it, in the order in which it happened
 */
public record Live(State state, boolean isRolledBack, List<Problem> problems) {
    /** Where nobody asked for it. */
    static final Live NOT_ASKED = new Live(State.NOT_ASKED, false, List.of());

    /** How it ended. */
    public enum State {
        NOT_ASKED,
        /** The engine had the list already, and nothing was run. */
        BEFORE,
        RELOADED,
        RESTARTED,
        /** The engine was told, and does not show the list. */
        NOT_TAKEN,
        /** Ctrl-C came before the engine showed the list. What was written stands. */
        INTERRUPTED
    }

    /** What is waited for. */
    public enum Step {
        RELOAD,
        RESTART,
        /** The old file, which was put back. */
        ROLLBACK
    }

    public Live {
        problems = List.copyOf(problems);
    }

    /** Whether the engine has the list. */
    public boolean isTaken() {
        return switch (state) {
            case BEFORE, RELOADED, RESTARTED -> true;
            case NOT_ASKED, NOT_TAKEN, INTERRUPTED -> false;
        };
    }

    /** Whether the engine took the list from us; empty where it was not told, or not waited for. */
    public Optional<Boolean> reloaded() {
        return switch (state) {
            case RELOADED, RESTARTED -> Optional.of(true);
            case NOT_TAKEN -> Optional.of(false);
            case NOT_ASKED, BEFORE, INTERRUPTED -> Optional.empty();
        };
    }
}
