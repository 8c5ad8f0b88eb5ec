package dev.cairn.text.completion;

import org.jspecify.annotations.Nullable;

/** A request that this model cannot fulfil, now or later: the fault is in the request. */
public final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String field;

    /**
     * @param field the request's field at fault, if it is one
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
