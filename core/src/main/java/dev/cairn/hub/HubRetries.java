package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.http.Retries;
import dev.cairn.http.RetryHandler;
import dev.cairn.http.RetryPolicy;
import dev.cairn.http.TransientFailure;
import java.time.Duration;

/** The retry policy for downloads from the hub, and its messages. */
record HubRetries(PullListener listener) implements RetryHandler {
    private static final int TRIES = 5;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    /** The longest wait, even if the hub asks for more: a person is waiting for the download. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(60);

    static Retries of(PullListener listener, RetryPolicy.Pause pause) {
        return new Retries(
                new RetryPolicy(TRIES, FIRST_WAIT, MAX_WAIT, pause), new HubRetries(listener));
    }

    @Override
    public Duration granted(Duration asked) {
        return asked.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : asked;
    }

    @Override
    public void waits(TransientFailure failure, Duration wait) {
        listener.notes(
                "%s; trying again in %d s".formatted(failure.getMessage(), wait.toSeconds()));
    }

    @Override
    public CairnException gaveUp(TransientFailure failure, int tries) {
        return new CairnException(
                "%s; gave up after %d tries, run it again later"
                        .formatted(failure.getMessage(), tries),
                failure);
    }

    @Override
    public CairnException interrupted(InterruptedException e) {
        return new CairnException("interrupted while waiting for the hub", e);
    }
}
