package dev.cairn.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a sequence's owner has handed in to be read, until it comes back: pieces, or one token. All
 * that changes is guarded by the lock of {@link Turns}.
 */
final class Turn {
    private final Seat seat;
    private final @Nullable Reading reading;
    private final int token;

    /** Whether the engine works on it right now. */
    boolean isTaken;

    boolean isBack;
    private float @Nullable [] logits;
    private @Nullable Throwable failure;

    private Turn(Seat seat, @Nullable Reading reading, int token) {
        this.seat = seat;
        this.reading = reading;
        this.token = token;
    }

    static Turn of(Seat seat, Reading reading) {
        return new Turn(seat, reading, 0);
    }

    static Turn of(Seat seat, int token) {
        return new Turn(seat, null, token);
    }

    Seat seat() {
        return seat;
    }

    /** The pieces; null for a token. */
    @Nullable Reading reading() {
        return reading;
    }

    int token() {
        return token;
    }

    void give(float[] logits) {
        this.logits = logits;
    }

    void fail(Throwable failure) {
        this.failure = failure;
    }

    float[] logits() {
        return Objects.requireNonNull(logits);
    }

    /** Throws what went wrong, on the owner's thread. */
    void rethrow() {
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException("reading failed: " + e, e);
        }
    }
}
