package dev.cairn.tensor;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads the kernels share. Work is cut into ranges whose results do not depend on the cut, so
 * every result is the same for any number of threads.
 */
public final class Workers {
    /** Work on the half-open range {@code [from, to)}. */
    @FunctionalInterface
    public interface Range {
        void run(int from, int to);
    }

    private static final int THREADS =
            Integer.getInteger("cairn.threads", Runtime.getRuntime().availableProcessors());
    private static final ExecutorService POOL =
            Executors.newFixedThreadPool(
                    Math.max(1, THREADS - 1),
                    task -> {
                        Thread thread = new Thread(task, "cairn-kernel");
                        thread.setDaemon(true);
                        return thread;
                    });
    private static final ThreadLocal<Boolean> INLINE = ThreadLocal.withInitial(() -> false);

    private Workers() {}

    /** How many threads kernels use: {@code -Dcairn.threads}, else all cores. */
    public static int threads() {
        return THREADS;
    }

    /**
     * Runs {@code body} with every kernel on the calling thread: for callers that are themselves
     * one of several threads, each with its own sequence.
     */
    public static <T extends @Nullable Object> T inline(Supplier<T> body) {
        boolean before = INLINE.get();
        INLINE.set(true);
        try {
            return body.get();
        } finally {
            INLINE.set(before);
        }
    }

    /**
     * Runs {@code body} over {@code [0, n)}, in parallel ranges whose borders are multiples of
     * {@code grain}; returns when all are done. An exception of any range is thrown here.
     */
    public static void parallel(int n, int grain, Range body) {
        int units = Math.ceilDiv(n, grain);
        int parts = INLINE.get() ? 1 : Math.min(THREADS, units);
        if (parts <= 1) {
            body.run(0, n);
            return;
        }
        CountDownLatch done = new CountDownLatch(parts - 1);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        for (int part = 1; part < parts; part++) {
            int from = border(n, grain, units, parts, part);
            int to = border(n, grain, units, parts, part + 1);
            POOL.execute(() -> {
                try {
                    inline(() -> {
                        body.run(from, to);
                        return null;
                    });
                } catch (Throwable e) {
                    failure.set(e);
                } finally {
                    done.countDown();
                }
            });
        }
        try {
            int to = border(n, grain, units, parts, 1);
            inline(() -> {
                body.run(0, to);
                return null;
            });
        } finally {
            await(done);
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("a kernel failed: " + thrown, thrown);
        }
    }

    private static int border(int n, int grain, int units, int parts, int part) {
        return (int) Math.min(n, (long) units * part / parts * grain);
    }

    /** Waits for ranges that write into shared tensors: leaving early would corrupt them. */
    private static void await(CountDownLatch done) {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
