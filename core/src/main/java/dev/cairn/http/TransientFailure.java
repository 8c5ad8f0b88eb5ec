package dev.cairn.http;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failed request that may succeed when repeated. */
public final class TransientFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration retryAfter;

    private TransientFailure(
            String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** A failure without a response. */
    public TransientFailure(String message, @Nullable Throwable cause) {
        this(message, null, cause);
    }

    /** A failure that a response reports. */
    public static TransientFailure answered(String message, HttpHeaders headers) {
        return new TransientFailure(message, RetryAfter.of(headers).orElse(null), null);
    }

    /** Whether a request with this response status may succeed when repeated. */
    public static boolean isTransient(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    /** The same failure, with {@code where} before its message. */
    public TransientFailure at(String where) {
        return new TransientFailure(where + ": " + getMessage(), retryAfter, this);
    }

    /** How long the server asks to wait; empty when it does not say. */
    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
