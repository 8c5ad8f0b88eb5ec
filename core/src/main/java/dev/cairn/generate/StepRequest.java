package dev.cairn.generate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a sequence's owner has handed in to be read, until it comes back: pieces, or one token. All
 * that changes is guarded by the lock of {@link Scheduler}.
 */
final class StepRequest {
    private final BatchedSequence seat;
    private final @Nullable PrefillTask reading;
    private final int token;

    /** Whether the engine works on it right now. */
    boolean isTaken;

    boolean isBack;
    private float @Nullable [] logits;
    private @Nullable Throwable failure;

    private StepRequest(BatchedSequence seat, @Nullable PrefillTask reading, int token) {
        this.seat = seat;
        this.reading = reading;
        this.token = token;
    }

    static StepRequest of(BatchedSequence seat, PrefillTask reading) {
        return new StepRequest(seat, reading, 0);
    }

    static StepRequest of(BatchedSequence seat, int token) {
        return new StepRequest(seat, null, token);
    }

    BatchedSequence seat() {
        return seat;
    }

    /** The pieces; null for a token. */
    @Nullable PrefillTask reading() {
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
