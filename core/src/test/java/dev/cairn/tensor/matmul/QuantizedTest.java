package dev.cairn.tensor.matmul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.F64Tensor;
import dev.cairn.tensor.Int4Tensor;
import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Quantized;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.Twins;
import dev.cairn.tensor.kernel.Kernels;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights of few bits, and the products with them against the loops. */
class QuantizedTest {
    private final Matmul fast = Kernels.vector().matmul();
    private final Matmul slow = Kernels.scalar(Precision.F64).matmul();

    private static double greatest(Tensor t, int row, int from, int to) {
        double greatest = 0;
        for (int k = from; k < to; k++) {
            greatest = Math.max(greatest, Math.abs(t.get(row, k)));
        }
        return greatest;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 31", "64, 32", "65, 33", "130, 100", "7, 257"})
    void anInt8IsWithinHalfAStepOfTheWeight(int rows, int cols) {
        F32Tensor w = new Twins(rows).uniform(rows, cols);
        Int8Tensor q = Int8Tensor.of(w);
        for (int n = 0; n < rows; n++) {
            double step = greatest(w, n, 0, cols) / 127;
            for (int k = 0; k < cols; k++) {
                // half a step, and the rounding of the scale and of its inverse
                assertThat(Math.abs(q.get(n, k) - w.get(n, k))).isLessThan(0.5001 * step);
            }
        }
    }

    /** The greatest becomes −8 steps, so that 7.5 on the other side rounds to 7: a step at most. */
    @ParameterizedTest
    @CsvSource({"1, 1", "3, 31", "32, 32", "33, 33", "130, 100", "7, 257"})
    void fourBitsAreWithinAStepOfTheWeight(int rows, int cols) {
        F32Tensor w = new Twins(rows).uniform(rows, cols);
        Int4Tensor q = Int4Tensor.of(w);
        for (int n = 0; n < rows; n++) {
            double error = 0;
            double square = 0;
            for (int k = 0; k < cols; k++) {
                int group = k / 32 * 32;
                double step = greatest(w, n, group, Math.min(group + 32, cols)) / 7;
                // A clipped extreme may be off by more than a step where that helps the others.
                assertThat(Math.abs(q.get(n, k) - w.get(n, k))).isLessThan(1.6 * step);
                error += Math.pow(q.get(n, k) - w.get(n, k), 2);
                square += Math.pow(w.get(n, k), 2);
            }
            // Rounding to steps of 2/15 of uniform values loses (2/15)²/12 of a third.
            assertThat(error / square).isLessThan(0.01);
        }
    }

    static Stream<Function<Tensor, Tensor>> formats() {
        return Stream.of(Int8Tensor::of, Int4Tensor::of);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void rowsReadInPartsAreTheirValues(Function<Tensor, Tensor> format) {
        Tensor q = format.apply(new Twins(1).uniform(70, 91));
        for (int row : new int[] {0, 1, 31, 32, 63, 64, 69}) {
            for (int col : new int[] {0, 1, 7, 8, 31, 32, 50}) {
                float[] read = new float[44];
                q.read(row, col, 41, read, 3);
                for (int i = 0; i < 41; i++) {
                    assertThat((double) read[3 + i]).isEqualTo(q.get(row, col + i));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void zerosAndTheSmallestNumbersStayFinite(Function<Tensor, Tensor> format) {
        F32Tensor w = F32Tensor.zeros(3, 40);
        w.set(1, 5, Float.MIN_VALUE);
        w.set(2, 5, 1e-37);
        Tensor q = format.apply(w);
        for (int n = 0; n < 3; n++) {
            for (int k = 0; k < 40; k++) {
                assertThat(q.get(n, k)).isBetween(-1e-36, 1e-36);
            }
        }
    }

    /** A damaged weight must not become a number that looks right. */
    @ParameterizedTest
    @MethodSource("formats")
    void whatIsNotANumberStaysThat(Function<Tensor, Tensor> format) {
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            F32Tensor w = new Twins(2).uniform(5, 40);
            w.set(3, 11, broken);
            F32Tensor y = Twins.unset(1, 5);
            fast.forward(new Twins(3).uniform(1, 40), format.apply(w), y, 1, false);
            assertThat(Float.isFinite(y.data[2])).isTrue();
            assertThat(Float.isFinite(y.data[3])).as("%s", broken).isFalse();
            F32Tensor x = new Twins(3).uniform(1, 40);
            x.data[20] = broken;
            fast.forward(x, format.apply(new Twins(2).uniform(5, 40)), y, 1, false);
            assertThat(Float.isFinite(y.data[2])).isFalse();
        }
    }

    @Test
    void aMatrixBeyondAnArrayIsRefusedInWords() {
        F32Tensor w = F32Tensor.of(new float[0], Integer.MAX_VALUE, 0);
        assertThatThrownBy(() -> Quantized.arrayLength(w, 1L << 32))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("too large");
    }

    /** Sums of K products in float: K·u·Σ|a·b| at most, and a few more for scales and alpha. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 3, 2",
        "2, 63, 31",
        "3, 64, 32",
        "4, 65, 33",
        "1, 130, 257",
        "4, 31, 100",
        "1, 1100, 260",
        "2, 700, 515",
        "7, 41, 70"
    })
    void productsWithInt8(int m, int n, int k) {
        Twins twins = new Twins(m + 7L * n + 31L * k);
        F32Tensor x = twins.uniform(m, k);
        Tensor w = Int8Tensor.of(twins.uniform(n, k));
        compare(Twins.wide(x), x, w, k + 8);
    }

    /**
     * Few rows are rounded to 8 bits, so the twin multiplies what they became; sums of groups are
     * exact, so only those of groups are rounded.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 3, 2",
        "2, 31, 31",
        "3, 32, 32",
        "4, 33, 33",
        "1, 130, 257",
        "4, 31, 100",
        "1, 1100, 260",
        "2, 700, 515"
    })
    void productsWithInt4(int m, int n, int k) {
        Twins twins = new Twins(m + 7L * n + 31L * k);
        F32Tensor x = twins.uniform(m, k);
        Tensor w = Int4Tensor.of(twins.uniform(n, k));
        F64Tensor rounded = F64Tensor.zeros(m, k);
        for (int row = 0; row < m; row++) {
            QuantizedInput input = new QuantizedInput();
            input.set(x.data, row * k, k);
            for (int col = 0; col < k; col++) {
                int group = col / 32 * 32;
                double step = greatest(x, row, group, Math.min(group + 32, k)) / 127;
                assertThat(Math.abs(input.get(col) - x.get(row, col))).isLessThan(0.5001 * step);
                rounded.set(row, col, input.get(col));
            }
        }
        compare(rounded, x, w, k + 8);
    }

    /** The extremes of both factors are where 16 bits are just enough. */
    @ParameterizedTest
    @CsvSource({"-1, 1", "1, 1", "-1, -1"})
    void sumsOfAGroupDoNotOverflow(float weight, float input) {
        F32Tensor w = F32Tensor.zeros(40, 64);
        F32Tensor x = F32Tensor.zeros(1, 64);
        java.util.Arrays.fill(w.data, weight);
        java.util.Arrays.fill(x.data, input);
        F32Tensor y = Twins.unset(1, 40);
        fast.forward(x, Int4Tensor.of(w), y, 1, false);
        Twins.assertClose("y", y, F64Tensor.zeros(1, 40), (r, c) -> 64.5);
        assertThat(y.data[39])
                .isCloseTo(64 * weight * input, org.assertj.core.data.Offset.offset(0.5f));
    }

    /** Many rows go through the panels and keep their inputs as they are. */
    @Test
    void manyRowsAreMultipliedWithTheSameWeights() {
        Twins twins = new Twins(9);
        F32Tensor x = twins.uniform(17, 70);
        F32Tensor w = twins.uniform(41, 70);
        compare(Twins.wide(x), x, Int4Tensor.of(w), 78);
        compare(Twins.wide(x), x, Int8Tensor.of(w), 78);
    }

    private void compare(Tensor exactInputs, F32Tensor x, Tensor w, int roundings) {
        Twins twins = new Twins(5);
        for (boolean accumulate : new boolean[] {false, true}) {
            F32Tensor before = twins.uniform(x.rows(), w.rows());
            F32Tensor y = accumulate ? Twins.copy(before) : Twins.unset(x.rows(), w.rows());
            fast.forward(x, w, y, 0.7, accumulate);
            Tensor exact = Twins.wide(before);
            slow.forward(exactInputs, w, exact, 0.7, accumulate);
            Tensor scale = Twins.magnitudes(before);
            slow.forward(Twins.magnitudes(exactInputs), Twins.magnitudes(w), scale, 0.7, true);
            Twins.assertClose(
                    w + " " + accumulate,
                    y,
                    exact,
                    (r, c) -> roundings * Twins.U * scale.get(r, c));
        }
    }
}
