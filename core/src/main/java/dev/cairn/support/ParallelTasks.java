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

/** Does the same work for many items, several at a time, each on a thread of its own. */
public final class ParallelTasks {
    private final String name;
    private final int threads;

    private ParallelTasks(String name, int threads) {
        this.name = name;
        this.threads = threads;
    }

    /**
     * Tasks that run on so many threads.
     *
     * @param name what the threads are called, with a number after it
     * @throws CairnException when there is not at least one thread
     */
    public static ParallelTasks on(int threads, String name) {
        if (threads < 1) {
            throw new CairnException("threads: expected 1 or more, found " + threads);
        }
        return new ParallelTasks(name, threads);
    }

    /**
     * Does the work for every item. The first error ends everything at once: work in progress is
     * interrupted, and the rest is not begun.
     *
     * @param work called from several threads at once
     * @param whenInterrupted the message for an interrupted caller, by the number of items done
     * @return what the work gave, in the order of the items
     * @throws CairnException the first that the work throws, or when the calling thread is
     *     interrupted, whose interrupt flag then stays set
     * @throws CancellationException when the work throws it, because nobody wants the results
     * @throws IllegalStateException when the work throws anything else, which is a defect
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

    /** The same for work that gives nothing. */
    public <T> void forEach(List<T> items, Consumer<T> work, IntFunction<String> whenInterrupted) {
        map(
                items,
                item -> {
                    work.accept(item);
                    return item;
                },
                whenInterrupted);
    }

    /** Waits for whichever item is done next. */
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
