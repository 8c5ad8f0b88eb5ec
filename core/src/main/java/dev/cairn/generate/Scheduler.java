package dev.cairn.generate;

import dev.cairn.CairnException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What owners of sequences hand in to the {@link Engine}, and get back.
 *
 * <p>Owners come back with the next token soon after they got their logits, so a walk through the
 * model waits for them, for at most half the time of a walk: to go without them costs them a whole
 * one. An owner that took longer (its reader is slow) is not waited for until it has been quick
 * again.
 */
final class Scheduler {
    private static final long LEAST_PATIENCE_NANOS = 1_000_000;
    private static final long MOST_PATIENCE_NANOS = 50_000_000;
    private static final long CHECK_NANOS =
            TimeUnit.MILLISECONDS.toNanos(KvCacheBudget.CHECK_MILLIS);

    private final ReentrantLock lock = new ReentrantLock();

    /** For the engine: something was handed in, or somebody left. */
    private final Condition work = lock.newCondition();

    /** For the owners: something is back. */
    private final Condition back = lock.newCondition();

    private final Deque<StepRequest> readings = new ArrayDeque<>();
    private final List<StepRequest> tokens = new ArrayList<>();

    /** Those who have their logits and whose next token is waited for. */
    private final Set<BatchedSequence> expected = new HashSet<>();

    private long patience = LEAST_PATIENCE_NANOS;
    private boolean isClosed;

    static CairnException closed() {
        return new CairnException("the model is being closed, so this sequence ends unfinished");
    }

    static CairnException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CairnException("interrupted while waiting for the model", e);
    }

    /**
     * For owners: hands in, and waits until it is read.
     *
     * @param check called now and then; what it throws takes back what was handed in
     */
    void await(StepRequest turn, Runnable check) {
        try {
            handIn(turn);
            while (!isBack(turn)) {
                check.run();
            }
        } catch (Throwable e) {
            takeBack(turn);
            throw e;
        }
        turn.rethrow();
    }

    private void handIn(StepRequest turn) {
        lock.lock();
        try {
            if (isClosed) {
                throw closed();
            }
            BatchedSequence seat = turn.seat();
            expected.remove(seat);
            if (turn.reading() != null) {
                readings.add(turn);
            } else {
                seat.isSlow = System.nanoTime() - seat.givenAt > patience;
                tokens.add(turn);
            }
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    private boolean isBack(StepRequest turn) {
        lock.lock();
        try {
            long left = CHECK_NANOS;
            while (!turn.isBack && left > 0) {
                left = back.awaitNanos(left);
            }
            return turn.isBack;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    /** What is being read cannot be stopped, and nobody may touch its cache until it is. */
    private void takeBack(StepRequest turn) {
        lock.lock();
        try {
            while (turn.isTaken) {
                back.awaitUninterruptibly();
            }
            readings.remove(turn);
            tokens.remove(turn);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will come from this one. */
    void leave(BatchedSequence seat) {
        lock.lock();
        try {
            expected.remove(seat);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** For the engine: waits for something to read; false when there will be nothing any more. */
    boolean awaitWork() {
        lock.lock();
        try {
            while (!isClosed && readings.isEmpty() && tokens.isEmpty()) {
                work.awaitUninterruptibly();
            }
            return !isClosed;
        } finally {
            lock.unlock();
        }
    }

    /** What is to be read a piece of, if there is anything. */
    @Nullable StepRequest takeReading() {
        lock.lock();
        try {
            StepRequest turn = readings.peek();
            if (turn != null) {
                turn.isTaken = true;
            }
            return turn;
        } finally {
            lock.unlock();
        }
    }

    /** A piece was read; the next one has its turn with the next tokens. */
    void putBack(StepRequest turn) {
        lock.lock();
        try {
            turn.isTaken = false;
            back.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next tokens, if there are any, of as many sequences as come in time. */
    List<StepRequest> takeTokens() {
        lock.lock();
        try {
            awaitExpected();
            List<StepRequest> taken = List.copyOf(tokens);
            taken.forEach(turn -> turn.isTaken = true);
            tokens.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void awaitExpected() {
        try {
            long left = patience;
            while (!tokens.isEmpty() && !expected.isEmpty() && left > 0 && !isClosed) {
                left = work.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody has a reason to; then it goes on with those who are there.
        }
    }

    /** A walk was taken that lasted so long. */
    void giveBackTokens(List<StepRequest> taken, long nanos) {
        lock.lock();
        try {
            patience = Math.clamp(nanos / 2, LEAST_PATIENCE_NANOS, MOST_PATIENCE_NANOS);
            expected.clear();
            giveBack(taken);
        } finally {
            lock.unlock();
        }
    }

    /** These are read, or failed. */
    void giveBack(Collection<StepRequest> turns) {
        lock.lock();
        try {
            for (StepRequest turn : turns) {
                readings.remove(turn);
                turn.isTaken = false;
                turn.isBack = true;
                BatchedSequence seat = turn.seat();
                seat.givenAt = System.nanoTime();
                if (!seat.isSlow) {
                    expected.add(seat);
                }
            }
            back.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more in. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** For the engine, once it is closed: nobody reads any more. */
    void sendAway() {
        lock.lock();
        try {
            List<StepRequest> left = new ArrayList<>(readings);
            left.addAll(tokens);
            tokens.clear();
            left.forEach(turn -> turn.fail(closed()));
            giveBack(left);
        } finally {
            lock.unlock();
        }
    }
}
