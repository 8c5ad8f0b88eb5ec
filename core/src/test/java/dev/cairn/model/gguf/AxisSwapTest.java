package dev.cairn.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AxisSwapTest {
    @Test
    void halvesBecomeNeighboursHeadByHead() {
        // Two heads of six: first half a b c, second half d e f.
        assertThat(sources(new AxisSwap(2, 3, 1), 12))
                .containsExactly(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11);
    }

    @Test
    void fusedHeadsComeApart() {
        // Two heads of two: q0 k0 v0 q1 k1 v1 becomes q0 q1 k0 k1 v0 v1.
        assertThat(sources(new AxisSwap(2, 3, 2), 12))
                .containsExactly(0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11);
    }

    @Test
    void theWayBackUndoesTheWayThere() {
        AxisSwap there = new AxisSwap(3, 5, 2);
        AxisSwap back = there.inverse();

        for (long row = 0; row < 2 * there.size(); row++) {
            assertThat(back.source(there.source(row))).isEqualTo(row);
        }
    }

    private static long[] sources(AxisSwap swap, long rows) {
        return LongStream.range(0, rows).map(swap::source).toArray();
    }
}
