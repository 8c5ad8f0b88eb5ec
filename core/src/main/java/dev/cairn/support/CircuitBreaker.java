package dev.cairn.support;

import dev.cairn.CairnException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker: ends work on many items after a number of consecutive failures, or at an error
 * that makes continuing pointless. Thread-safe; all threads end with the same error.
 */
public final class CircuitBreaker {
    private final int maxFailures;
    private int failuresInARow;
    private @Nullable CairnException error;

    /**
     * Creates a breaker that has seen no failure.
     *
     * @param maxFailures number of consecutive failures that end the work
     */
    public CircuitBreaker(int maxFailures) {
        this.maxFailures = maxFailures;
    }

    /** Records that an item succeeded. */
    public synchronized void succeeded() {
        failuresInARow = 0;
    }

    /**
     * Records that an item failed.
     *
     * @param error gives the error that ends the work, for a number of consecutive failures
     * @throws CairnException when {@code maxFailures} is reached
     */
    public synchronized void failed(IntFunction<CairnException> error) {
        if (++failuresInARow >= maxFailures) {
            throw open(error.apply(failuresInARow));
        }
    }

    /**
     * Ends the work. Returns the error that ended it: an earlier one if the work had already ended.
     */
    public synchronized CairnException open(CairnException last) {
        if (error == null) {
            error = last;
        }
        return error;
    }

    /**
     * Throws if the work has ended, so that no further item starts and no later failure counts.
     *
     * @throws CairnException the error that ended the work
     */
    public synchronized void throwIfOpen() {
        if (error != null) {
            throw error;
        }
    }
}
