package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How a server ends: nothing new is begun, what runs may finish, what takes too long is ended. */
final class GracefulShutdown {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private int running;
    private boolean begun;
    private volatile boolean ended;

    /**
     * @throws ApiException when what still runs is to end at once
     */
    void checkEnded() {
        if (ended) {
            throw ApiException.closing();
        }
    }

    /**
     * Something begins that must not be cut off; whoever calls this calls {@link #leave} once.
     *
     * @throws ApiException when the end has begun
     */
    void enter() {
        lock.lock();
        try {
            if (begun) {
                throw ApiException.closing();
            }
            running++;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            running--;
            quiet.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until all is quiet.
     *
     * @param patience how long what runs may take to finish by itself
     * @param grace how long it may take once it is told to end
     */
    void close(Duration patience, Duration grace) {
        lock.lock();
        try {
            begun = true;
            awaitQuiet(patience);
            ended = true;
            awaitQuiet(grace);
        } catch (InterruptedException e) {
            ended = true;
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void awaitQuiet(Duration time) throws InterruptedException {
        long nanos = time.toNanos();
        while (running > 0 && nanos > 0) {
            nanos = quiet.awaitNanos(nanos);
        }
    }
}
