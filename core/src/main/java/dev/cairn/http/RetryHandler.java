package dev.cairn.http;

import dev.cairn.CairnException;
import java.time.Duration;

/** Writes the messages about retries and decides which waits a server may ask for. */
public interface RetryHandler {
    /**
     * How long to wait when the server asks for a certain wait.
     *
     * @throws CairnException when the server asks for too long a wait
     */
    Duration granted(Duration asked);

    /** Called before each wait. */
    default void waits(TransientFailure failure, Duration wait) {}

    /** The error after the last attempt. */
    CairnException gaveUp(TransientFailure failure, int tries);

    /** The error when a wait was interrupted; the thread's interrupt flag is already set again. */
    CairnException interrupted(InterruptedException e);
}
