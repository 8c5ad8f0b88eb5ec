package dev.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkersTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "1, 8", "7, 8", "8, 8", "9, 8", "1000, 1", "1001, 16", "31, 100"})
    void everyIndexRunsOnceInRangesThatBeginAtTheGrain(int n, int grain) {
        AtomicIntegerArray runs = new AtomicIntegerArray(n);
        Workers.parallel(
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
                        Workers.parallel(
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
        Workers.inline(() -> {
            Workers.inline(() -> null);
            Workers.parallel(
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
        Workers.parallel(
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
}
