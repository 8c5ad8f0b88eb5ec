package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shuts a server down in two steps: first no new request is accepted while the running ones finish,
 * then those that still run are told to stop.
 */
final class GracefulShutdown {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition requestFinished = lock.newCondition();
    private int running;
    private boolean hasBegun;
    private volatile boolean mustStop;

    /**
     * Polled by running requests.
     *
     * @throws ApiException if they must stop
     */
    void check() {
        if (mustStop) {
            throw ApiException.shuttingDown();
        }
    }

    /**
     * A request starts; {@link #requestFinished} must be called once when it is finished.
     *
     * @throws ApiException when no more are accepted
     */
    void requestStarted() {
        lock.lock();
        try {
            if (hasBegun) {
                throw ApiException.shuttingDown();
            }
            running++;
        } finally {
            lock.unlock();
        }
    }

    void requestFinished() {
        lock.lock();
        try {
            running--;
            requestFinished.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns when no request is running or the time is up.
     *
     * @param toFinish time for running requests to finish
     * @param toStop time for the remaining requests to stop
     */
    void shutDown(Duration toFinish, Duration toStop) {
        lock.lock();
        try {
            hasBegun = true;
            awaitRequests(toFinish);
            mustStop = true;
            awaitRequests(toStop);
        } catch (InterruptedException e) {
            mustStop = true;
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRequests(Duration time) throws InterruptedException {
        long nanos = time.toNanos();
        while (running > 0 && nanos > 0) {
            nanos = requestFinished.awaitNanos(nanos);
        }
    }
}
