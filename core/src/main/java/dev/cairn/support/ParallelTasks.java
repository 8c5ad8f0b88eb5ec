package dev.cairn.support;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Runs the same work for many items on a fixed number of threads. */
public final class ParallelTasks {
    private final String name;
    private final int threads;

    private ParallelTasks(String name, int threads) {
        this.name = name;
        this.threads = threads;
    }

    /**
     * Creates a runner with this many threads.
     *
     * @param name prefix of the threads' names, followed by a number
     * @throws CairnException if {@code threads} is below 1
     */
    public static ParallelTasks on(int threads, String name) {
        if (threads < 1) {
            throw new CairnException("threads: expected 1 or more, found " + threads);
        }
        return new ParallelTasks(name, threads);
    }

    /**
     * Runs the work for every item. The first error ends everything at once: work in progress is
     * interrupted, and no further item starts.
     *
     * @param work called from several threads at once
     * @param whenInterrupted gives the message for an interrupted caller, for the number of items
     *     done
     * @return the results, in the order of the items
     * @throws CairnException the first that the work throws, or if the calling thread is
     *     interrupted; its interrupt flag stays set
     * @throws CancellationException if the work throws it, because the results are no longer wanted
     * @throws IllegalStateException if the work throws anything else, which is a defect
     */
    public <T, R> List<R> map(
            List<T> items, Function<T, R> work, IntFunction<String> whenInterrupted) {
        try (ExecutorService workers =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name(name + "-", 0).factory())) {
            try {
                CompletionService<R> completed = new ExecutorCompletionService<>(workers);
                List<Future<R>> results = new ArrayList<>();
                items.forEach(item -> results.add(completed.submit(() -> work.apply(item))));
                for (int done = 0; done < items.size(); done++) {
                    requireSuccess(completed, done, whenInterrupted);
                }
                return results.stream().map(Future::resultNow).toList();
            } finally {
                workers.shutdownNow();
            }
        }
    }

    /** Like {@link #map}, for work without a result. */
    public <T> void forEach(List<T> items, Consumer<T> work, IntFunction<String> whenInterrupted) {
        map(
                items,
                item -> {
                    work.accept(item);
                    return item;
                },
                whenInterrupted);
    }

    /** Waits for the next item to finish, whichever it is. */
    private static <R> void requireSuccess(
            CompletionService<R> completed, int done, IntFunction<String> whenInterrupted) {
        try {
            completed.take().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(whenInterrupted.apply(done), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CairnException cause) {
                throw cause;
            }
            if (e.getCause() instanceof CancellationException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
