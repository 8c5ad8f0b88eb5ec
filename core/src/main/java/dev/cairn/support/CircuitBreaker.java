package dev.cairn.support;

import dev.cairn.CairnException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Ends work on many items that cannot succeed: after so many failures in a row, or at an error that
 * leaves no use in going on. Safe for use by several threads, which all end with the same error.
 */
public final class CircuitBreaker {
    private final int maxFailures;
    private int failuresInARow;
    private @Nullable CairnException error;

    /**
     * A breaker that has seen no failure.
     *
     * @param maxFailures failures in a row that end the work
     */
    public CircuitBreaker(int maxFailures) {
        this.maxFailures = maxFailures;
    }

    /** Notes that an item succeeded. */
    public synchronized void succeeded() {
        failuresInARow = 0;
    }

    /**
     * Notes that an item failed.
     *
     * @param error what ends the work, by the number of failures in a row
     * @throws CairnException when that makes too many
     */
    public synchronized void failed(IntFunction<CairnException> error) {
        if (++failuresInARow >= maxFailures) {
            throw open(error.apply(failuresInARow));
        }
    }

    /** Ends the work; gives what ended it, which is an earlier error where there was one. */
    public synchronized CairnException open(CairnException last) {
        if (error == null) {
            error = last;
        }
        return error;
    }

    /**
     * Keeps an item from being begun, or its failure from counting, after the end.
     *
     * @throws CairnException when the work has ended, with what ended it
     */
    public synchronized void throwIfOpen() {
        if (error != null) {
            throw error;
        }
    }
}
