package dev.cairn.tensor;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The thread pool shared by all kernels. Work is split into ranges, and results do not depend on
 * the split, so they are the same for any number of threads.
 *
 * <p>Decoding a token takes about a hundred sections of a few microseconds each. Helper threads
 * therefore live as long as the process, and spin for a moment after each section before they
 * sleep: the overhead is 1 to 2 µs per section while sections follow each other, and an idle
 * process uses no core. Any free thread takes the next range, including the caller; if no helper
 * arrives in time, the caller does the whole section alone.
 *
 * <p>Only one section is shared at a time. A caller that arrives while another section is running
 * runs its own section on its own thread: with as many callers as cores, sharing gains nothing, and
 * no caller waits for another's work.
 */
public final class ThreadPool {
    /** Work on the half-open range {@code [from, to)}. */
    @FunctionalInterface
    public interface Range {
        void run(int from, int to);
    }

    private static final int THREADS =
            Integer.getInteger("cairn.threads", Runtime.getRuntime().availableProcessors());

    /** How long a waiting thread spins: longer than the gap between two sections. */
    private static final long PATIENCE_NANOS = 100_000;

    private static final ThreadLocal<Boolean> INLINE = ThreadLocal.withInitial(() -> false);
    private static final AtomicReference<@Nullable Section> CURRENT = new AtomicReference<>();

    private ThreadPool() {}

    /** How many threads kernels use: {@code -Dcairn.threads}, or all cores by default. */
    public static int threads() {
        return THREADS;
    }

    /**
     * Runs {@code body} with all its kernels on the calling thread, for callers that already run
     * several threads, each with its own sequence.
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
     * Runs {@code body} over {@code [0, n)}, in at most one range per thread with borders at
     * multiples of {@code grain}; returns when all are done. An exception in any range is rethrown
     * here once the others are done. For work that needs buffers or packed copies per range.
     */
    public static void parallel(int n, int grain, Range body) {
        run(n, grain, THREADS, body);
    }

    /**
     * Like {@link #parallel}, but in as many ranges of {@code grain} as needed: a thread that
     * another program delays holds up only one of them. For work that can be split anywhere at no
     * cost.
     */
    public static void chunks(int n, int grain, Range body) {
        run(n, grain, THREADS == 1 ? 1 : Integer.MAX_VALUE, body);
    }

    private static void run(int n, int grain, int maxParts, Range body) {
        int units = Math.ceilDiv(n, grain);
        int parts = Math.min(maxParts, units);
        if (parts <= 1 || INLINE.get()) {
            body.run(0, n);
            return;
        }
        Section section = new Section(body, n, grain, units, parts);
        if (!CURRENT.compareAndSet(null, section)) {
            body.run(0, n);
            return;
        }
        Helper.wakeAll();
        INLINE.set(true);
        try {
            section.work();
        } finally {
            INLINE.set(false);
            // No range is left to take; helpers finish the ranges they have taken.
            CURRENT.set(null);
            section.await();
        }
        section.rethrow();
    }

    /** A unit of work, split into parts, with its progress. */
    private static final class Section {
        private final Range body;
        private final int n;
        private final int grain;
        private final int units;
        private final int parts;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private volatile @Nullable Thread sleeper;

        Section(Range body, int n, int grain, int units, int parts) {
            this.body = body;
            this.n = n;
            this.grain = grain;
            this.units = units;
            this.parts = parts;
        }

        boolean isOpen() {
            return taken.get() < parts;
        }

        /** Takes and runs parts until none is left. */
        void work() {
            for (int part = taken.getAndIncrement(); part < parts; part = taken.getAndIncrement()) {
                try {
                    body.run(border(part), border(part + 1));
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
                if (done.incrementAndGet() == parts) {
                    LockSupport.unpark(sleeper);
                }
            }
        }

        private int border(int part) {
            return (int) Math.min(n, (long) units * part / parts * grain);
        }

        /**
         * Waits for all parts: they write into shared tensors, which returning early would corrupt.
         */
        void await() {
            long start = System.nanoTime();
            boolean interrupted = false;
            while (done.get() < parts) {
                if (System.nanoTime() - start < PATIENCE_NANOS) {
                    Thread.onSpinWait();
                    continue;
                }
                sleeper = Thread.currentThread();
                if (done.get() < parts) {
                    LockSupport.park(this);
                }
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void rethrow() {
            switch (failure.get()) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException("a kernel failed: " + e, e);
            }
        }
    }

    /** A helper thread, which works on the current section. */
    private static final class Helper implements Runnable {
        private static final List<Helper> ALL =
                IntStream.range(1, THREADS).mapToObj(i -> new Helper()).toList();

        private final Thread thread = new Thread(this, "cairn-kernel");
        private volatile boolean isAsleep;

        private Helper() {
            thread.setDaemon(true);
            thread.start();
        }

        /** Wakes the helpers after a section has become current. */
        static void wakeAll() {
            for (Helper helper : ALL) {
                if (helper.isAsleep) {
                    LockSupport.unpark(helper.thread);
                }
            }
        }

        @Override
        public void run() {
            INLINE.set(true);
            long idleSince = System.nanoTime();
            while (true) {
                Section section = CURRENT.get();
                if (section != null && section.isOpen()) {
                    section.work();
                    idleSince = System.nanoTime();
                } else if (System.nanoTime() - idleSince < PATIENCE_NANOS) {
                    Thread.onSpinWait();
                } else {
                    sleep();
                    idleSince = System.nanoTime();
                }
            }
        }

        private void sleep() {
            isAsleep = true;
            // Check again: nobody wakes us for a section that became current before isAsleep was
            // visible.
            Section section = CURRENT.get();
            if (section == null || !section.isOpen()) {
                LockSupport.park(this);
            }
            isAsleep = false;
            Thread.interrupted();
        }
    }
}
