package dev.cairn.generate;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A memory budget for keys and values: admits sequences in order of arrival while there is room.
 */
final class KvCacheBudget {
    /** Interval, in milliseconds, at which a waiting sequence checks for cancellation. */
    static final long CHECK_MILLIS = 100;

    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Reservation> waiting = new ArrayDeque<>();
    private long bytes;
    private int running;
    private boolean isClosed;

    KvCacheBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Memory that a sequence holds or waits for. */
    final class Reservation implements AutoCloseable {
        private final long size;
        private boolean isInside;

        private Reservation(long size) {
            this.size = size;
        }

        /** Releases the memory, or leaves the queue. */
        @Override
        public void close() {
            lock.lock();
            try {
                waiting.remove(this);
                if (isInside) {
                    isInside = false;
                    bytes -= size;
                    running--;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits for memory.
     *
     * @param size in bytes
     * @param cancellation checked regularly; an exception it throws ends the wait
     * @throws CairnException when {@code size} exceeds the whole budget, or the budget is closed
     */
    Reservation enter(long size, Cancellation cancellation) {
        if (size > maxBytes) {
            throw new CairnException(
                    "a sequence of this length needs %d MB for keys and values, but the limit for all sequences is %d MB; ask for fewer tokens or raise the limit"
                            .formatted(megabytes(size), megabytes(maxBytes)));
        }
        Reservation reservation = new Reservation(size);
        try {
            while (!tryEnter(reservation)) {
                cancellation.check();
            }
            return reservation;
        } catch (Throwable e) {
            reservation.close();
            throw e;
        }
    }

    private static long megabytes(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20);
    }

    private boolean tryEnter(Reservation reservation) {
        lock.lock();
        try {
            if (!waiting.contains(reservation)) {
                waiting.add(reservation);
            }
            if (!isClosed && !isFree(reservation)) {
                changed.await(CHECK_MILLIS, TimeUnit.MILLISECONDS);
            }
            if (isClosed) {
                throw Scheduler.closed();
            }
            if (!isFree(reservation)) {
                return false;
            }
            waiting.remove(reservation);
            reservation.isInside = true;
            bytes += reservation.size;
            running++;
            changed.signalAll();
            return true;
        } catch (InterruptedException e) {
            throw Scheduler.interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private boolean isFree(Reservation reservation) {
        return waiting.peek() == reservation && bytes + reservation.size <= maxBytes;
    }

    /** Rejects all waiting and later sequences. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The current load, with the engine's counts. */
    Batcher.Load load(long steps, long tokens) {
        lock.lock();
        try {
            return new Batcher.Load(running, waiting.size(), bytes, maxBytes, steps, tokens);
        } finally {
            lock.unlock();
        }
    }
}
