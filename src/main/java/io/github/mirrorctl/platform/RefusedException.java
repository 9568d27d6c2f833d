package io.github.mirrorctl.platform;

import java.io.IOException;
import java.io.Serial;

/** A failure whose reason we found out ourselves, on its way to becoming a fault. */
final class RefusedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    RefusedException(Reason reason) {
        super(reason.key());
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
