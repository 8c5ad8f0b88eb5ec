package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets in as many as may be answered at once, the others in the order they came. */
final class RequestQueue {
    /** How often somebody who waits looks whether waiting still makes sense. */
    private static final long LOOK_MILLIS = 50;

    /** How much the newest duration counts for the expected one. */
    private static final double NEWEST = 0.2;

    private static final long LONGEST_SECONDS = 60;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Semaphore> waiting = new ArrayDeque<>();
    private final int places;
    private final int queue;
    private int taken;
    private double usualSeconds = 1;

    RequestQueue(int places, int queue) {
        this.places = places;
        this.queue = queue;
    }

    /**
     * Waits for a place.
     *
     * @param whileWaiting called again and again; what it throws ends the waiting
     * @throws ApiException when so many wait already that no more may
     */
    Place enter(Runnable whileWaiting) {
        Semaphore turn = new Semaphore(0);
        lock.lock();
        try {
            if (taken < places) {
                taken++;
                return new Place();
            }
            if (waiting.size() >= queue) {
                throw ApiException.busy(waiting.size(), retryAfter());
            }
            waiting.addLast(turn);
        } finally {
            lock.unlock();
        }
        return await(turn, whileWaiting);
    }

    private Place await(Semaphore turn, Runnable whileWaiting) {
        boolean entered = false;
        try {
            while (!turn.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                whileWaiting.run();
            }
            entered = true;
            return new Place();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.closing();
        } finally {
            if (!entered) {
                leaveQueue(turn);
            }
        }
    }

    /** A place that was given in the very moment of leaving goes to the next. */
    private void leaveQueue(Semaphore turn) {
        lock.lock();
        try {
            if (!waiting.remove(turn)) {
                passOn();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A place when one is free and nobody waits for it. */
    Optional<Place> tryEnter() {
        lock.lock();
        try {
            if (taken >= places) {
                return Optional.empty();
            }
            taken++;
            return Optional.of(new Place());
        } finally {
            lock.unlock();
        }
    }

    private void passOn() {
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

    /** Whether the next to come would be sent away. */
    boolean isFull() {
        lock.lock();
        try {
            return taken >= places && waiting.size() >= queue;
        } finally {
            lock.unlock();
        }
    }

    /** When a place in the queue is likely to be free: after one of those before is answered. */
    private Duration retryAfter() {
        double seconds = usualSeconds / places;
        return Duration.ofSeconds(Math.clamp((long) Math.ceil(seconds), 1, LONGEST_SECONDS));
    }

    /** The right to be answered; whoever has it gives it back. */
    final class Place implements AutoCloseable {
        private final long since = System.nanoTime();
        private boolean left;

        private Place() {}

        @Override
        public void close() {
            lock.lock();
            try {
                if (!left) {
                    left = true;
                    double seconds = (System.nanoTime() - since) / 1e9;
                    usualSeconds += NEWEST * (seconds - usualSeconds);
                    passOn();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
