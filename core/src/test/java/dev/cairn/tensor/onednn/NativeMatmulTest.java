package dev.cairn.tensor.onednn;

import static dev.cairn.tensor.Twins.U;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.F64Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.Twins;
import dev.cairn.tensor.VectorMath;
import dev.cairn.tensor.block.BlockFormat;
import dev.cairn.tensor.kernel.Kernels;
import dev.cairn.tensor.matmul.MatmulTwinTest;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** oneDNN's products against the loops, with the bound of {@link MatmulTwinTest}. */
class NativeMatmulTest {
    /** Relative error of rounding to bfloat16: half of its last bit, 2⁻⁸. */
    private static final double BF16_ROUNDING = 0x1p-8;

    private final Matmul slow = Kernels.scalar(Precision.F64).matmul();

    @BeforeEach
    void needsTheLibrary() {
        assumeTrue(OneDnn.instance() != null, "oneDNN is " + OneDnn.status());
    }

    private static Matmul fast(boolean inBf16) {
        return new NativeMatmul(Objects.requireNonNull(OneDnn.instance()), inBf16, 0);
    }

    private void compare(
            Matmul fast, int m, int n, int k, MappedTensor.Format format, double rounding) {
        Twins twins = new Twins(1000L * m + 100L * n + k);
        compare(fast, m, Twins.mapped(twins.uniform(n, k), format), format.name(), rounding);
    }

    private void compare(Matmul fast, int m, Tensor w, String format, double rounding) {
        int n = w.rows();
        int k = w.cols();
        for (boolean accumulate : new boolean[] {false, true}) {
            Twins twins = new Twins(1000L * m + 100L * n + k);
            F32Tensor x = twins.uniform(m, k);
            F32Tensor dy = twins.uniform(m, n);
            F32Tensor y = accumulate ? twins.uniform(m, n) : Twins.unset(m, n);
            Tensor exactY = accumulate ? Twins.wide(y) : F64Tensor.zeros(m, n);
            Tensor scaleY = accumulate ? Twins.magnitudes(y) : F64Tensor.zeros(m, n);
            fast.forward(x, w, y, 1, accumulate);
            slow.forward(Twins.wide(x), Twins.wide(w), exactY, 1, accumulate);
            slow.forward(Twins.magnitudes(x), Twins.magnitudes(w), scaleY, 1, accumulate);
            Twins.assertClose(
                    format + " y",
                    y,
                    exactY,
                    (r, c) -> ((k + 8) * U + rounding) * scaleY.get(r, c));
            F32Tensor dx = accumulate ? twins.uniform(m, k) : Twins.unset(m, k);
            Tensor exactDx = accumulate ? Twins.wide(dx) : F64Tensor.zeros(m, k);
            Tensor scaleDx = accumulate ? Twins.magnitudes(dx) : F64Tensor.zeros(m, k);
            fast.backwardInput(dy, w, dx, 1, accumulate);
            slow.backwardInput(Twins.wide(dy), Twins.wide(w), exactDx, 1, accumulate);
            slow.backwardInput(Twins.magnitudes(dy), Twins.magnitudes(w), scaleDx, 1, accumulate);
            Twins.assertClose(
                    format + " dx",
                    dx,
                    exactDx,
                    (r, c) -> ((n + 8) * U + rounding) * scaleDx.get(r, c));
        }
    }

    @ParameterizedTest
    @EnumSource(MappedTensor.Format.class)
    void everyDimensionMayHaveAnyLength(MappedTensor.Format format) {
        for (int size : new int[] {1, 7, 8, 15, 16, 17, 31, 33, 64, 65, 100, 257}) {
            compare(fast(false), size, 19, 21, format, 0);
            compare(fast(false), 17, size, 21, format, 0);
            compare(fast(false), 17, 21, size, format, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"300, 33, 40", "520, 20, 9", "9, 1100, 33", "12, 33, 4100", "9, 4200, 9"})
    void blocksJoinWithoutASeam(int m, int n, int k) {
        compare(fast(false), m, n, k, MappedTensor.Format.BF16, 0);
        compare(fast(false), m, n, k, MappedTensor.Format.F32, 0);
    }

    @ParameterizedTest
    @CsvSource({"9, 17, 33", "65, 40, 100", "300, 33, 40"})
    void inBfloat16OnlyTheInputIsRounded(int m, int n, int k) {
        compare(fast(true), m, n, k, MappedTensor.Format.BF16, BF16_ROUNDING);
        // Weights in another format are multiplied as exactly as ever.
        compare(fast(true), m, n, k, MappedTensor.Format.F32, 0);
    }

    /** Weights and inputs are each rounded to bfloat16: both errors, and their product. */
    private static final double TWICE_ROUNDED = 2 * BF16_ROUNDING + BF16_ROUNDING * BF16_ROUNDING;

    @ParameterizedTest
    @EnumSource
    void blocksAreDequantisedATileAtATime(BlockFormat format) {
        int[][] shapes = {{9, 17, 1}, {65, 700, 2}, {300, 33, 3}, {9, 5, 4352 / format.size()}};
        for (int[] shape : shapes) {
            int k = shape[2] * format.size();
            Tensor w = new Twins(k).blocks(format, shape[1], k);
            compare(fast(false), shape[0], w, format.name(), 0);
            compare(fast(true), shape[0], w, format.name(), TWICE_ROUNDED);
        }
        // Gradients of inputs sum over more rows of weights than one call takes.
        Tensor tall = new Twins(3).blocks(format, 4100, format.size());
        compare(fast(false), 9, tall, format.name(), 0);
    }

    @ParameterizedTest
    @CsvSource({"9, 17, 33", "65, 40, 100", "300, 600, 40", "12, 33, 4100", "3, 8, 5"})
    void aBiasIsAddedOnTheWayOut(int m, int n, int k) {
        Twins twins = new Twins(m + n + k);
        F32Tensor x = twins.uniform(m, k);
        MappedTensor w = Twins.mapped(twins.uniform(n, k), MappedTensor.Format.BF16);
        F32Tensor bias = twins.uniform(1, n);
        F32Tensor y = Twins.unset(m, n);
        Tensor exact = F64Tensor.zeros(m, n);
        Tensor scale = F64Tensor.zeros(m, n);
        fast(false).forward(x, w, bias, y);
        slow.forward(Twins.wide(x), Twins.wide(w), Twins.wide(bias), exact);
        slow.forward(Twins.magnitudes(x), Twins.magnitudes(w), Twins.magnitudes(bias), scale);
        Twins.assertClose("y", y, exact, (r, c) -> (k + 8) * U * scale.get(r, c));
    }

    @Test
    void inBfloat16WhatIsNoNumberStaysNone() {
        int k = 2 * VectorMath.LANES + 3;
        for (int at : new int[] {0, k - 1}) {
            for (int bits : new int[] {0x7F800001, 0x7FFFFFFF, 0xFFFFFFFF, 0x7F800000}) {
                F32Tensor x = F32Tensor.zeros(8, k);
                x.data[at] = Float.intBitsToFloat(bits);
                F32Tensor ones = F32Tensor.zeros(8, k);
                Arrays.fill(ones.data, 1f);
                F32Tensor y = F32Tensor.zeros(8, 8);
                fast(true).forward(x, Twins.mapped(ones, MappedTensor.Format.BF16), y, 1, false);
                assertThat(Float.isFinite(y.data[0])).as("%x", bits).isFalse();
                assertThat(y.data[8]).as("another row").isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSameBitsForAnyNumberOfThreads(boolean inBf16) {
        Twins twins = new Twins(5);
        F32Tensor x = twins.uniform(300, 130);
        MappedTensor w = Twins.mapped(twins.uniform(700, 130), MappedTensor.Format.BF16);
        F32Tensor y = Twins.unset(300, 700);
        fast(inBf16).forward(x, w, y, 1, false);
        F32Tensor alone = Twins.unset(300, 700);
        ThreadPool.inline(() -> {
            fast(inBf16).forward(x, w, alone, 1, false);
            return null;
        });
        assertThat(y.data).isEqualTo(alone.data);
    }
}
