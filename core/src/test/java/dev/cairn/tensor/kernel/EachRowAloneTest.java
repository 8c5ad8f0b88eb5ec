package dev.cairn.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.F64Tensor;
import dev.cairn.tensor.Int4Tensor;
import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.Twins;
import dev.cairn.tensor.block.BlockFormat;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bits, not distances: what a row gets must not depend on the rows beside it. */
@Tag("long")
class EachRowAloneTest {
    private static final int[] ROWS = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33};

    /** How weights are held. */
    private enum Held {
        HEAP,
        F32,
        BF16,
        F16,
        INT8,
        INT4,
        Q4_1,
        Q5_0,
        Q8_0,
        IQ4_NL,
        Q5_K,
        Q6_K;

        /** The next number of columns that is possible. */
        int cols(int k) {
            return isBlocks() ? Math.ceilDiv(k, format().size()) * format().size() : k;
        }

        boolean roundsInputs() {
            return this == INT4;
        }

        private boolean isBlocks() {
            return compareTo(INT4) > 0;
        }

        private BlockFormat format() {
            return BlockFormat.valueOf(name());
        }

        Tensor of(F32Tensor w) {
            if (isBlocks()) {
                return new Twins(w.rows()).blocks(format(), w.rows(), w.cols());
            }
            return switch (this) {
                case HEAP, Q4_1, Q5_0, Q8_0, IQ4_NL, Q5_K, Q6_K -> w;
                case F32 -> Twins.mapped(w, MappedTensor.Format.F32);
                case BF16 -> Twins.mapped(w, MappedTensor.Format.BF16);
                case F16 -> Twins.mapped(w, MappedTensor.Format.F16);
                case INT8 -> Int8Tensor.of(w);
                case INT4 -> Int4Tensor.of(w);
            };
        }
    }

    private static Matmul[] ways() {
        return new Matmul[] {Kernels.vector().matmul(), Kernels.fastest().matmul()};
    }

    private static F32Tensor row(F32Tensor x, int row) {
        F32Tensor one = F32Tensor.zeros(1, x.cols());
        x.read(row, 0, x.cols(), one.data, 0);
        return one;
    }

    private static void compare(Matmul alone, int m, int n, int cols, Held held) {
        int k = held.cols(cols);
        Twins twins = new Twins(31L * m + 7L * n + k);
        F32Tensor x = twins.uniform(m, k);
        Tensor w = held.of(twins.uniform(n, k));
        F32Tensor bias = twins.uniform(1, n);
        F32Tensor before = twins.uniform(m, n);
        F32Tensor biased = Twins.unset(m, n);
        F32Tensor added = Twins.copy(before);
        Matmul together = alone.eachRowAlone();
        together.forward(x, w, bias, biased);
        together.forward(x, w, added, -0.3, true);
        for (int i = 0; i < m; i++) {
            F32Tensor oneBiased = Twins.unset(1, n);
            F32Tensor oneAdded = row(before, i);
            alone.forward(row(x, i), w, bias, oneBiased);
            alone.forward(row(x, i), w, oneAdded, -0.3, true);
            String where = "row %d of %d, %d by %d, %s".formatted(i, m, n, k, held);
            assertThat(bits(biased, i)).as(where).isEqualTo(bits(oneBiased, 0));
            assertThat(bits(added, i)).as(where).isEqualTo(bits(oneAdded, 0));
        }
    }

    private static int[] bits(F32Tensor x, int row) {
        float[] values = row(x, row).data;
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }

    @ParameterizedTest
    @EnumSource(Held.class)
    void aRowHasTheBitsItHasByItself(Held held) {
        for (Matmul matmul : ways()) {
            for (int m : ROWS) {
                IntStream.of(1, 7, 15, 16, 17, 33, 64, 97, 257)
                        .map(held::cols)
                        .distinct()
                        .forEach(k -> compare(matmul, m, 41, k, held));
                for (int n : new int[] {1, 7, 8, 63, 64, 65, 193, 300}) {
                    compare(matmul, m, n, 67, held);
                }
            }
        }
    }

    /** Large enough for a second thread, and for the native product. */
    @ParameterizedTest
    @EnumSource(Held.class)
    void alsoWhereThreadsShareTheWork(Held held) {
        for (Matmul matmul : ways()) {
            for (int m : new int[] {1, 3, 8, 13, 32}) {
                compare(matmul, m, 1100, 260, held);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void noRowsAreNoWork(Matmul matmul) {
        for (Held held : Held.values()) {
            compare(matmul, 0, 5, 9, held);
        }
    }

    /** The twin computes every row alone anyway. */
    @ParameterizedTest
    @EnumSource(Held.class)
    void isCloseToTheLoops(Held held) {
        Twins twins = new Twins(5);
        int k = held.cols(97);
        F32Tensor x = twins.uniform(9, k);
        Tensor w = held.of(twins.uniform(41, k));
        F32Tensor y = Twins.unset(9, 41);
        Kernels.vector().matmul().eachRowAlone().forward(x, w, y, 1, false);
        F64Tensor exact = F64Tensor.zeros(9, 41);
        Kernels.scalar(Precision.F64)
                .matmul()
                .eachRowAlone()
                .forward(Twins.wide(x), Twins.wide(w), exact, 1, false);
        // Inputs of quantized products are rounded to 1/127 of the greatest of 32, each off by
        // half.
        double each = held.roundsInputs() ? 1.0 / 254 : 110 * Twins.U;
        double greatest = Math.max(1, Twins.greatest(w));
        Twins.assertClose(held.toString(), y, exact, (r, c) -> k * each * greatest);
    }
}
