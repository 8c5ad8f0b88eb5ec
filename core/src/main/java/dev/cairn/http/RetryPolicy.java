package dev.cairn.http;

import java.time.Duration;

/**
 * How often to try, and how long to wait before the next attempt when the server does not say.
 * There is no jitter: every random choice in Cairn comes from a seed, and the callers are few.
 *
 * @param tries the number of failures in a row after which to give up
 * @param firstWait after the first failure; doubled after each further one
 * @param maxWait the longest of these waits
 * @param pause does the waiting
 */
public record RetryPolicy(int tries, Duration firstWait, Duration maxWait, Pause pause) {
    private static final int MAX_DOUBLINGS = 10;

    /** A way to wait, such as {@link Thread#sleep(Duration)}. */
    @FunctionalInterface
    public interface Pause {
        void last(Duration duration) throws InterruptedException;
    }

    /**
     * The wait after a number of failures.
     *
     * @param failures in a row, at least 1
     */
    Duration backOff(int failures) {
        Duration wait = firstWait.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
        return wait.compareTo(maxWait) < 0 ? wait : maxWait;
    }
}
