package io.github.mirrorctl.registry;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Ends a walk: the step, the verdict and the reason that came of it. Never leaves this package. */
final class WalkException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Step step;
    private final Verdict verdict;
    private final transient Reason reason;
    private final int httpStatus;

    WalkException(Step step, Verdict verdict, Reason reason, @Nullable Throwable cause) {
        this(step, verdict, reason, 0, cause);
    }

    WalkException(Step step, Verdict verdict, Reason reason, int httpStatus) {
        this(step, verdict, reason, httpStatus, null);
    }

    private WalkException(Step step, Verdict verdict, Reason reason, int httpStatus, @Nullable Throwable cause) {
        super(reason.code(), cause);
        this.step = step;
        this.verdict = verdict;
        this.reason = reason;
        this.httpStatus = httpStatus;
    }

    Step step() {
        return step;
    }

    Verdict verdict() {
        return verdict;
    }

    Reason reason() {
        return reason;
    }

    /** 0 where no answer decided it. */
    int httpStatus() {
        return httpStatus;
    }
}
