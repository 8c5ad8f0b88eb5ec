package dev.cairn.http;

import dev.cairn.CairnException;
import java.time.Duration;

/**
 * Retries failures that may pass, after the wait the server asks for, otherwise with exponential
 * back-off.
 */
public final class Retries {
    private final RetryPolicy policy;
    private final RetryHandler handler;

    public Retries(RetryPolicy policy, RetryHandler handler) {
        this.policy = policy;
        this.handler = handler;
    }

    /** One attempt. */
    @FunctionalInterface
    public interface Attempt<T> {
        T make() throws TransientFailure;
    }

    /**
     * The result of the first attempt that succeeds.
     *
     * @throws CairnException when none does, or the wait would be too long
     */
    public <T> T call(Attempt<T> attempt) {
        for (int failures = 1; ; failures++) {
            try {
                return attempt.make();
            } catch (TransientFailure e) {
                waitAfter(failures, e);
            }
        }
    }

    /**
     * Waits before the next attempt.
     *
     * @param failures in a row
     * @throws CairnException when there were too many, or the wait would be too long
     */
    public void waitAfter(int failures, TransientFailure failure) {
        if (failures >= policy.tries()) {
            throw handler.gaveUp(failure, failures);
        }
        Duration wait =
                failure.retryAfter()
                        .map(handler::granted)
                        .orElseGet(() -> policy.backOff(failures));
        handler.waits(failure, wait);
        try {
            policy.pause().last(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw handler.interrupted(e);
        }
    }
}
