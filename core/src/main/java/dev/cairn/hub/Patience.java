package dev.cairn.hub;

import dev.cairn.CairnException;
import java.time.Duration;

/**
 * How long to wait for the hub, and how often to ask again.
 *
 * @param timeout for a connection, for an answer, and for the next bytes of one
 * @param tries failures in a row after which it is given up
 */
record Patience(Duration timeout, int tries, Pause pause) {
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(30), 5, Thread::sleep);

    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** Waits. */
    @FunctionalInterface
    interface Pause {
        void last(Duration duration) throws InterruptedException;
    }

    /** Something that may fail for a while. */
    @FunctionalInterface
    interface Attempt<T> {
        T make() throws TransientFailure;
    }

    <T> T retry(PullListener listener, Attempt<T> attempt) {
        for (int failures = 1; ; failures++) {
            try {
                return attempt.make();
            } catch (TransientFailure e) {
                waitAfter(failures, e, listener);
            }
        }
    }

    /**
     * Waits before the next try: as long as the server asks, else twice as long each time; never
     * longer than a minute.
     *
     * @param failures in a row
     * @throws CairnException when there were too many
     */
    void waitAfter(int failures, TransientFailure failure, PullListener listener) {
        if (failures >= tries) {
            throw new CairnException(
                    "%s; gave up after %d tries, run it again later"
                            .formatted(failure.getMessage(), failures),
                    failure);
        }
        Duration wait = failure.retryAfter;
        if (wait == null) {
            wait = Duration.ofSeconds(1L << Math.min(failures - 1, 6));
        }
        wait = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
        listener.notes(
                "%s; trying again in %d s".formatted(failure.getMessage(), wait.toSeconds()));
        try {
            pause.last(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException("interrupted while waiting for the hub", e);
        }
    }
}
