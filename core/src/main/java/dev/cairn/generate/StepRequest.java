package dev.cairn.generate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request by a sequence's owner to read a prompt in pieces, or one token. Mutable fields are
 * guarded by the lock of {@link Scheduler}.
 */
final class StepRequest {
    private final BatchedSequence sequence;
    private final @Nullable PrefillTask prefill;
    private final int token;

    /** Whether the engine is working on it right now. */
    boolean isRunning;

    boolean isDone;
    private float @Nullable [] logits;
    private @Nullable Throwable failure;

    private StepRequest(BatchedSequence sequence, @Nullable PrefillTask prefill, int token) {
        this.sequence = sequence;
        this.prefill = prefill;
        this.token = token;
    }

    static StepRequest of(BatchedSequence sequence, PrefillTask prefill) {
        return new StepRequest(sequence, prefill, 0);
    }

    static StepRequest of(BatchedSequence sequence, int token) {
        return new StepRequest(sequence, null, token);
    }

    BatchedSequence sequence() {
        return sequence;
    }

    /** The task to read in pieces; null for a token. */
    @Nullable PrefillTask prefill() {
        return prefill;
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

    /** Throws the failure, if any, on the owner's thread. */
    void rethrow() {
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e ->
                    throw new IllegalStateException("the model failed on this sequence: " + e, e);
        }
    }
}
