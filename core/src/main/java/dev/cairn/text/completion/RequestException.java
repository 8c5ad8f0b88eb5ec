package dev.cairn.text.completion;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a request is at fault: the model can never fulfil it, so there is no point in
 * retrying.
 */
public final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String field;

    /**
     * @param field the field of the request that is at fault; null if there is no such field
     * @param message what is wrong and what to do, in one line
     */
    public RequestException(@Nullable String field, String message) {
        super(message);
        this.field = field;
    }

    public @Nullable String field() {
        return field;
    }
}
