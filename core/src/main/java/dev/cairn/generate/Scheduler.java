package dev.cairn.generate;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
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
    private static final long MIN_PATIENCE_NANOS = 1_000_000;
    private static final long MAX_PATIENCE_NANOS = 50_000_000;
    private static final long CHECK_NANOS =
            TimeUnit.MILLISECONDS.toNanos(KvCacheBudget.CHECK_MILLIS);

    private final ReentrantLock lock = new ReentrantLock();

    /** For the engine: something was handed in, or somebody left. */
    private final Condition work = lock.newCondition();

    /** For the owners: something is back. */
    private final Condition back = lock.newCondition();

    private final Deque<StepRequest> prefills = new ArrayDeque<>();
    private final List<StepRequest> tokens = new ArrayList<>();

    /** Those who have their logits and whose next token is waited for. */
    private final Set<BatchedSequence> expected = new HashSet<>();

    private long patience = MIN_PATIENCE_NANOS;
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
     * @param cancellation asked now and then; what it throws takes back what was handed in
     */
    void await(StepRequest request, Cancellation cancellation) {
        try {
            submit(request);
            while (!isDone(request)) {
                cancellation.check();
            }
        } catch (Throwable e) {
            withdraw(request);
            throw e;
        }
        request.rethrow();
    }

    private void submit(StepRequest request) {
        lock.lock();
        try {
            if (isClosed) {
                throw closed();
            }
            BatchedSequence sequence = request.sequence();
            expected.remove(sequence);
            if (request.prefill() != null) {
                prefills.add(request);
            } else {
                sequence.isSlow = System.nanoTime() - sequence.lastStepAt > patience;
                tokens.add(request);
            }
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    private boolean isDone(StepRequest request) {
        lock.lock();
        try {
            long left = CHECK_NANOS;
            while (!request.isDone && left > 0) {
                left = back.awaitNanos(left);
            }
            return request.isDone;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    /** What is being read cannot be stopped, and nobody may touch its cache until it is. */
    private void withdraw(StepRequest request) {
        lock.lock();
        try {
            while (request.isRunning) {
                back.awaitUninterruptibly();
            }
            prefills.remove(request);
            tokens.remove(request);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will come from this one. */
    void leave(BatchedSequence sequence) {
        lock.lock();
        try {
            expected.remove(sequence);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** For the engine: waits for something to read; false when there will be nothing any more. */
    boolean awaitWork() {
        lock.lock();
        try {
            while (!isClosed && prefills.isEmpty() && tokens.isEmpty()) {
                work.awaitUninterruptibly();
            }
            return !isClosed;
        } finally {
            lock.unlock();
        }
    }

    /** What is to be read a piece of, if there is anything. */
    @Nullable StepRequest takePrefill() {
        lock.lock();
        try {
            StepRequest request = prefills.peek();
            if (request != null) {
                request.isRunning = true;
            }
            return request;
        } finally {
            lock.unlock();
        }
    }

    /** A piece was read; the next one has its turn with the next tokens. */
    void requeue(StepRequest request) {
        lock.lock();
        try {
            request.isRunning = false;
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
            taken.forEach(request -> request.isRunning = true);
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
    void completeTokens(List<StepRequest> taken, long nanos) {
        lock.lock();
        try {
            patience = Math.clamp(nanos / 2, MIN_PATIENCE_NANOS, MAX_PATIENCE_NANOS);
            expected.clear();
            complete(taken);
        } finally {
            lock.unlock();
        }
    }

    /** These are read, or failed. */
    void complete(Collection<StepRequest> scheduler) {
        lock.lock();
        try {
            for (StepRequest request : scheduler) {
                prefills.remove(request);
                request.isRunning = false;
                request.isDone = true;
                BatchedSequence sequence = request.sequence();
                sequence.lastStepAt = System.nanoTime();
                if (!sequence.isSlow) {
                    expected.add(sequence);
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
    void failAll() {
        lock.lock();
        try {
            List<StepRequest> left = new ArrayList<>(prefills);
            left.addAll(tokens);
            tokens.clear();
            left.forEach(request -> request.fail(closed()));
            complete(left);
        } finally {
            lock.unlock();
        }
    }
}
