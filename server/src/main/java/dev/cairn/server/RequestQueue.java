package dev.cairn.server;

import dev.cairn.Cancellation;
import dev.cairn.server.http.ApiException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A queue that processes a fixed number of requests at once; others wait in order of arrival. */
final class RequestQueue {
    /** Interval at which a waiting request checks whether it must stop, in milliseconds. */
    private static final long POLL_MILLIS = 50;

    /** The weight of the newest duration in the moving average. */
    private static final double NEWEST_WEIGHT = 0.2;

    private static final long MAX_RETRY_SECONDS = 60;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Semaphore> waiting = new ArrayDeque<>();
    private final int slots;
    private final int maxWaiting;
    private int taken;
    private double averageSeconds = 1;

    RequestQueue(int slots, int maxWaiting) {
        this.slots = slots;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Waits for a slot.
     *
     * @param cancellation polled repeatedly; what it throws ends the wait
     * @throws ApiException with status 429 if the queue is full
     */
    Slot enter(Cancellation cancellation) {
        Semaphore turn = new Semaphore(0);
        lock.lock();
        try {
            if (taken < slots) {
                taken++;
                return new Slot();
            }
            if (waiting.size() >= maxWaiting) {
                throw ApiException.tooManyRequests(waiting.size(), retryAfter());
            }
            waiting.addLast(turn);
        } finally {
            lock.unlock();
        }
        return await(turn, cancellation);
    }

    private Slot await(Semaphore turn, Cancellation cancellation) {
        boolean entered = false;
        try {
            while (!turn.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                cancellation.check();
            }
            entered = true;
            return new Slot();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.shuttingDown();
        } finally {
            if (!entered) {
                leaveQueue(turn);
            }
        }
    }

    /** If a slot was handed over at the moment of leaving, it is passed on to the next request. */
    private void leaveQueue(Semaphore turn) {
        lock.lock();
        try {
            if (!waiting.remove(turn)) {
                handOver();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A slot if one is free and no request waits for it. */
    Optional<Slot> tryEnter() {
        lock.lock();
        try {
            if (taken >= slots) {
                return Optional.empty();
            }
            taken++;
            return Optional.of(new Slot());
        } finally {
            lock.unlock();
        }
    }

    private void handOver() {
        Semaphore next = waiting.pollFirst();
        if (next == null) {
            taken--;
        } else {
            next.release();
        }
    }

    int running() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the next request would be refused. */
    boolean isFull() {
        lock.lock();
        try {
            return taken >= slots && waiting.size() >= maxWaiting;
        } finally {
            lock.unlock();
        }
    }

    /** The expected time until the queue has room, which is when a running request finishes. */
    private Duration retryAfter() {
        double seconds = averageSeconds / slots;
        return Duration.ofSeconds(Math.clamp((long) Math.ceil(seconds), 1, MAX_RETRY_SECONDS));
    }

    /** The right to be processed; closing a slot returns it. */
    final class Slot implements AutoCloseable {
        private final long startNanos = System.nanoTime();
        private boolean isClosed;

        private Slot() {}

        @Override
        public void close() {
            lock.lock();
            try {
                if (!isClosed) {
                    isClosed = true;
                    double seconds = (System.nanoTime() - startNanos) / 1e9;
                    averageSeconds += NEWEST_WEIGHT * (seconds - averageSeconds);
                    handOver();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
