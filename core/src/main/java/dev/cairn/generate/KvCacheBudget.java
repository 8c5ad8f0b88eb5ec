package dev.cairn.generate;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets sequences in while the memory for their keys and values lasts, in the order they come. */
final class KvCacheBudget {
    /** How often whoever waits is asked whether it still wants to. */
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

    /** Memory that a sequence waits for or has. */
    final class Reservation implements AutoCloseable {
        private final long size;
        private boolean isInside;

        private Reservation(long size) {
            this.size = size;
        }

        /** Gives the memory back, or leaves the queue. */
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
     * @param cancellation asked now and then; what it throws ends the waiting
     * @throws CairnException when there will never be so much, or no more sequences are let in
     */
    Reservation enter(long size, Cancellation cancellation) {
        if (size > maxBytes) {
            throw new CairnException(
                    "a sequence of this length needs %d MB of memory for keys and values, but all together may take %d MB; ask for fewer tokens or allow more memory"
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

    /** Sends away those who wait, and those who come. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How things are, with what the engine has done. */
    Batcher.Load load(long steps, long tokens) {
        lock.lock();
        try {
            return new Batcher.Load(running, waiting.size(), bytes, maxBytes, steps, tokens);
        } finally {
            lock.unlock();
        }
    }
}
