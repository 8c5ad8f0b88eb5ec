package dev.cairn.remote;

import dev.cairn.CairnException;
import dev.cairn.http.Retries;
import dev.cairn.http.RetryHandler;
import dev.cairn.http.RetryPolicy;
import dev.cairn.http.TransientFailure;
import java.time.Duration;

/** The retry policy for remote models, and the errors when retrying does not help. */
record RemoteRetries(Problems problems) implements RetryHandler {
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration MAX_WAIT = Duration.ofSeconds(8);
    private static final Duration MAX_ASKED = Duration.ofMinutes(2);

    static Retries of(RemoteSettings settings, Problems problems, RetryPolicy.Pause pause) {
        return new Retries(
                new RetryPolicy(settings.maxRetries() + 1, FIRST_WAIT, MAX_WAIT, pause),
                new RemoteRetries(problems));
    }

    /** Whether a request with this response status may succeed when repeated. */
    static boolean isTransient(int status) {
        return status == 409 || TransientFailure.isTransient(status);
    }

    @Override
    public Duration granted(Duration asked) {
        if (asked.compareTo(MAX_ASKED) > 0) {
            throw problems.tooLongWait(asked, MAX_ASKED);
        }
        return asked;
    }

    /** The error has no cause, which could contain a server's words. */
    @Override
    public CairnException gaveUp(TransientFailure failure, int tries) {
        return problems.problem(failure.getMessage());
    }

    @Override
    public CairnException interrupted(InterruptedException e) {
        return problems.interrupted(e);
    }
}
