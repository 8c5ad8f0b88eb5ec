package dev.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadPoolTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "1, 8", "7, 8", "8, 8", "9, 8", "1000, 1", "1001, 16", "31, 100"})
    void everyIndexRunsOnceInRangesThatBeginAtTheGrain(int n, int grain) {
        AtomicIntegerArray runs = new AtomicIntegerArray(n);
        ThreadPool.parallel(
                n,
                grain,
                (from, to) -> {
                    assertThat(from % grain).isZero();
                    for (int i = from; i < to; i++) {
                        runs.incrementAndGet(i);
                    }
                });
        for (int i = 0; i < n; i++) {
            assertThat(runs.get(i)).as("index %d", i).isEqualTo(1);
        }
    }

    @Test
    void aFailureOfAnyRangeIsThrownToTheCaller() {
        assertThatThrownBy(() ->
                        ThreadPool.parallel(
                                100,
                                1,
                                (from, to) -> {
                                    if (to == 100) {
                                        throw new IllegalArgumentException("the last");
                                    }
                                }))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("the last");
    }

    @Test
    void inlineStaysOnTheCallingThreadAlsoWhenNested() {
        Thread caller = Thread.currentThread();
        ThreadPool.inline(() -> {
            ThreadPool.inline(() -> null);
            ThreadPool.parallel(
                    1000,
                    1,
                    (from, to) -> {
                        assertThat(Thread.currentThread()).isSameAs(caller);
                        assertThat(to - from).isEqualTo(1000);
                    });
            return null;
        });
    }

    @Test
    void anInterruptIsKeptAndTheWorkFinished() {
        AtomicIntegerArray runs = new AtomicIntegerArray(64);
        Thread.currentThread().interrupt();
        ThreadPool.parallel(
                64,
                1,
                (from, to) -> {
                    for (int i = from; i < to; i++) {
                        runs.incrementAndGet(i);
                    }
                });
        assertThat(Thread.interrupted()).isTrue();
        for (int i = 0; i < 64; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "7, 8", "9, 8", "1000, 1", "1001, 16"})
    void chunksHaveTheSizeOfTheGrainAndRunOnce(int n, int grain) {
        AtomicIntegerArray runs = new AtomicIntegerArray(n);
        ThreadPool.chunks(
                n,
                grain,
                (from, to) -> {
                    assertThat(from % grain).isZero();
                    if (ThreadPool.threads() > 1 && n > grain) {
                        assertThat(to - from).isEqualTo(Math.min(grain, n - from));
                    }
                    for (int i = from; i < to; i++) {
                        runs.incrementAndGet(i);
                    }
                });
        for (int i = 0; i < n; i++) {
            assertThat(runs.get(i)).as("index %d", i).isEqualTo(1);
        }
    }

    /** A section that is over must not be mistaken for the next one, whoever is late. */
    @Test
    void manyShortSectionsFollowEachOther() {
        AtomicIntegerArray runs = new AtomicIntegerArray(3);
        for (int section = 1; section <= 20_000; section++) {
            ThreadPool.chunks(3, 1, (from, to) -> runs.addAndGet(from, to - from));
            for (int i = 0; i < 3; i++) {
                assertThat(runs.get(i)).isEqualTo(section);
            }
        }
    }

    /** Each caller gets its own work done, also while others ask for the same threads. */
    @Test
    void severalCallersAtOnceDoNotMixTheirWork() throws InterruptedException {
        List<Thread> callers = new ArrayList<>();
        AtomicIntegerArray sums = new AtomicIntegerArray(4);
        for (int c = 0; c < sums.length(); c++) {
            int caller = c;
            callers.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 2000; i++) {
                                    ThreadPool.parallel(
                                            10, 1, (from, to) -> sums.addAndGet(caller, to - from));
                                }
                            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        for (int c = 0; c < sums.length(); c++) {
            assertThat(sums.get(c)).as("caller %d", c).isEqualTo(20_000);
        }
    }

    /** A range may itself use kernels: they run where it runs, and the pool is free afterwards. */
    @Test
    void rangesMayHaveRangesOfTheirOwn() {
        AtomicIntegerArray runs = new AtomicIntegerArray(100);
        ThreadPool.chunks(
                10,
                1,
                (from, to) ->
                        ThreadPool.parallel(
                                10,
                                1,
                                (a, b) -> {
                                    for (int i = a; i < b; i++) {
                                        runs.incrementAndGet(10 * from + i);
                                    }
                                }));
        for (int i = 0; i < 100; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
    }
}
