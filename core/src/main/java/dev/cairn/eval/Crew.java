package dev.cairn.eval;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Threads that share the questions of a set.
 *
 * @param threads how many questions are in flight at once
 */
public record Crew(int threads) {
    /**
     * @throws CairnException when there is not at least one thread
     */
    public Crew {
        if (threads < 1) {
            throw new CairnException("threads: expected 1 or more, found " + threads);
        }
    }

    /**
     * Does the work for every question; what it throws is a defect and ends it.
     *
     * @param set name of the question set, for errors
     * @param questions how many there are
     * @param work what to do with the question of an index; called from several threads at once
     * @return what came of it, in the order of the questions
     * @throws CairnException when the calling thread is interrupted; questions in flight are
     *     interrupted too, the rest is left, and the thread's interrupt flag stays set
     */
    public <T> List<T> each(String set, int questions, IntFunction<T> work) {
        try (ExecutorService workers =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name("eval-", 0).factory())) {
            List<Future<T>> futures =
                    IntStream.range(0, questions)
                            .mapToObj(question -> workers.submit(() -> work.apply(question)))
                            .toList();
            try {
                return await(set, futures);
            } finally {
                workers.shutdownNow();
            }
        }
    }

    private static <T> List<T> await(String set, List<Future<T>> futures) {
        List<T> results = new ArrayList<>(futures.size());
        try {
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(
                    "evaluation of '%s' was interrupted; %d of %d questions had been answered"
                            .formatted(set, results.size(), futures.size()),
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CancellationException cancelled) {
                throw cancelled;
            }
            throw new IllegalStateException("question set '%s'".formatted(set), e.getCause());
        }
    }
}
