package dev.cairn.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelTasksTest {
    private static final IntFunction<String> STOPPED = done -> "stopped after " + done;
    private static final List<Integer> TEN = IntStream.range(0, 10).boxed().toList();

    /** Waits for what never comes; whether it was interrupted while it did. */
    private static boolean isInterrupted() {
        try {
            new CountDownLatch(1).await();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    @Test
    void resultsAreInTheOrderOfTheItemsWhoeverIsDoneFirst() {
        CountDownLatch secondIsDone = new CountDownLatch(1);
        List<String> results =
                ParallelTasks.on(2, "worker")
                        .map(
                                List.of("a", "b"),
                                item -> {
                                    if (item.equals("b")) {
                                        secondIsDone.countDown();
                                    } else {
                                        await(secondIsDone);
                                    }
                                    return item + item;
                                },
                                STOPPED);
        assertThat(results).containsExactly("aa", "bb");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Test
    void asManyRunAtOnceAsThereAreThreadsAndNoMore() {
        CyclicBarrier three = new CyclicBarrier(3);
        Semaphore places = new Semaphore(3);
        Set<String> names = ConcurrentHashMap.newKeySet();
        ParallelTasks.on(3, "worker")
                .forEach(
                        TEN.subList(0, 9),
                        item -> {
                            names.add(Thread.currentThread().getName());
                            assertThat(places.tryAcquire()).isTrue();
                            try {
                                // Opens only if three are here at once.
                                three.await(30, TimeUnit.SECONDS);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            } finally {
                                places.release();
                            }
                        },
                        STOPPED);
        assertThat(names).containsExactlyInAnyOrder("worker-0", "worker-1", "worker-2");
    }

    @Test
    void theFirstErrorInterruptsTheOthersAndTheRestIsNotBegun() {
        CairnException error = new CairnException("broken");
        CountDownLatch otherHasBegun = new CountDownLatch(1);
        Set<Integer> begun = ConcurrentHashMap.newKeySet();
        Set<Integer> interrupted = ConcurrentHashMap.newKeySet();

        assertThatThrownBy(() ->
                        ParallelTasks.on(2, "worker")
                                .forEach(
                                        TEN,
                                        item -> {
                                            if (item == 0) {
                                                await(otherHasBegun);
                                                throw error;
                                            }
                                            begun.add(item);
                                            otherHasBegun.countDown();
                                            if (isInterrupted()) {
                                                interrupted.add(item);
                                            }
                                        },
                                        STOPPED))
                .isSameAs(error);
        // The thread that failed may have begun one item more before the end.
        assertThat(begun).contains(1).isSubsetOf(1, 2);
        assertThat(interrupted).isEqualTo(begun);
    }

    @Test
    void anythingElseThatIsThrownIsADefect() {
        IllegalArgumentException defect = new IllegalArgumentException("defect");
        assertThatThrownBy(() ->
                        ParallelTasks.on(1, "worker")
                                .forEach(
                                        TEN,
                                        item -> {
                                            throw defect;
                                        },
                                        STOPPED))
                .isInstanceOf(IllegalStateException.class)
                .hasCause(defect);
    }

    @Test
    void anInterruptedCallerEndsTheWorkAndStaysInterrupted() throws Exception {
        CountDownLatch hasBegun = new CountDownLatch(1);
        CompletableFuture<Boolean> isWorkInterrupted = new CompletableFuture<>();
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread caller =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                ParallelTasks.on(1, "worker")
                                        .forEach(
                                                TEN,
                                                item -> {
                                                    hasBegun.countDown();
                                                    isWorkInterrupted.complete(isInterrupted());
                                                },
                                                STOPPED);
                                outcome.complete("went on");
                            } catch (CairnException e) {
                                boolean flag = Thread.currentThread().isInterrupted();
                                outcome.complete(e.getMessage() + ", interrupted: " + flag);
                            }
                        });
        hasBegun.await();
        caller.interrupt();

        assertThat(outcome.get()).isEqualTo("stopped after 0, interrupted: true");
        assertThat(isWorkInterrupted.get()).isTrue();
    }

    @Test
    void nothingToDoIsDone() {
        assertThat(ParallelTasks.on(1, "worker").map(List.of(), item -> item, STOPPED)).isEmpty();
    }

    @Test
    void atLeastOneThreadIsNeeded() {
        assertThatThrownBy(() -> ParallelTasks.on(0, "worker"))
                .isInstanceOf(CairnException.class)
                .hasMessage("threads: expected 1 or more, found 0");
    }
}
