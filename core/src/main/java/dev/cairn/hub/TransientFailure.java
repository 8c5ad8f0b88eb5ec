package dev.cairn.hub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request failed in a way that may be gone the next time. */
final class TransientFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** How long the server asks to wait; null when it does not say. */
    final transient @Nullable Duration retryAfter;

    TransientFailure(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    TransientFailure(String message) {
        this(message, null, null);
    }
}
