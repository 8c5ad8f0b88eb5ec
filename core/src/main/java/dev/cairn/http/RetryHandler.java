package dev.cairn.http;

import dev.cairn.CairnException;
import java.time.Duration;

/** What a room says to a person about its retries, and how long it lets a server make it wait. */
public interface RetryHandler {
    /**
     * How long to wait when the server asks for a time.
     *
     * @throws CairnException when that is too long to be waited for
     */
    Duration granted(Duration asked);

    /** Is told of each wait before it begins. */
    default void waits(TransientFailure failure, Duration wait) {}

    /** The error after the last try. */
    CairnException gaveUp(TransientFailure failure, int tries);

    /** The error when the thread, which is marked as interrupted again, was not to wait. */
    CairnException interrupted(InterruptedException e);
}
