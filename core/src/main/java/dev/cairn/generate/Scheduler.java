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
 * The queue between the owners of sequences, who submit requests, and the {@link Engine}, which
 * completes them.
 *
 * <p>Owners usually submit their next token soon after they receive logits, so a decoding step
 * waits for them, for at most half the duration of a step: an owner that misses a step loses a
 * whole one. The engine does not wait for an owner that took longer (its reader is slow) until it
 * has been quick again.
 */
final class Scheduler {
    private static final long MIN_PATIENCE_NANOS = 1_000_000;
    private static final long MAX_PATIENCE_NANOS = 50_000_000;
    private static final long CHECK_NANOS =
            TimeUnit.MILLISECONDS.toNanos(KvCacheBudget.CHECK_MILLIS);

    private final ReentrantLock lock = new ReentrantLock();

    /** Signals the engine: a request was submitted, or a sequence left. */
    private final Condition work = lock.newCondition();

    /** Signals the owners: a request was completed. */
    private final Condition back = lock.newCondition();

    private final Deque<StepRequest> prefills = new ArrayDeque<>();
    private final List<StepRequest> tokens = new ArrayList<>();

    /** Sequences that have their logits and whose next token the engine waits for. */
    private final Set<BatchedSequence> expected = new HashSet<>();

    private long patience = MIN_PATIENCE_NANOS;
    private boolean isClosed;

    static CairnException closed() {
        return new CairnException("the model is being closed, so this sequence was not finished");
    }

    static CairnException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CairnException("interrupted while waiting for the model", e);
    }

    /**
     * For owners: submits a request and waits until it is completed.
     *
     * @param cancellation checked regularly; when it throws, the request is withdrawn
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

    /**
     * Withdraws a request. A read in progress cannot be stopped, and its cache must not be touched
     * before it ends, so this waits for it.
     */
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

    /** Called when a sequence will submit nothing more. */
    void leave(BatchedSequence sequence) {
        lock.lock();
        try {
            expected.remove(sequence);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** For the engine: waits for something to read; false when closed. */
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

    /** The next prompt to read a piece of; null when there is none. */
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

    /**
     * Puts a prompt back after one of its pieces was read; its next piece is read after the next
     * tokens.
     */
    void requeue(StepRequest request) {
        lock.lock();
        try {
            request.isRunning = false;
            back.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the token of any sequence is waiting. */
    boolean hasTokens() {
        lock.lock();
        try {
            return !tokens.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The next tokens of all sequences that submit one in time; may be empty. */
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
            // Nothing interrupts the engine's thread; if something does, it goes on with the tokens
            // it has.
        }
    }

    /**
     * Completes a decoding step.
     *
     * @param nanos its duration in nanoseconds
     */
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

    /** Completes requests, whether read or failed. */
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

    /** Accepts no more requests. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** For the engine, once closed: fails all remaining requests. */
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
