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

    private Way exact = new Way(slow, 0);

    @BeforeEach
    void needsTheLibrary() {
        assumeTrue(OneDnn.instance() != null, "oneDNN is " + OneDnn.status());
        exact = new Way(fast(false), 0);
    }

    private static Matmul fast(boolean inBf16) {
        return new NativeMatmul(Objects.requireNonNull(OneDnn.instance()), inBf16, 0);
    }

    /** A way to multiply, and the greatest relative error beside that of a sum. */
    private record Way(Matmul matmul, double rounding) {}

    private void compare(int m, int n, int k, MappedTensor.Format format, Way way) {
        Twins twins = new Twins(1000L * m + 100L * n + k);
        compare(m, Twins.mapped(twins.uniform(n, k), format), format.name(), way);
    }

    /** The loops take long, so all ways are compared with the same products of theirs. */
    private void compare(int m, Tensor w, String format, Way... ways) {
        int n = w.rows();
        int k = w.cols();
        Twins twins = new Twins(1000L * m + 100L * n + k);
        F32Tensor x = twins.uniform(m, k);
        F32Tensor dy = twins.uniform(m, n);
        F64Tensor wide = Twins.wide(w);
        F64Tensor magnitudes = Twins.magnitudes(w);
        F64Tensor y = F64Tensor.zeros(m, n);
        F64Tensor scaleY = F64Tensor.zeros(m, n);
        F64Tensor dx = F64Tensor.zeros(m, k);
        F64Tensor scaleDx = F64Tensor.zeros(m, k);
        slow.forward(Twins.wide(x), wide, y, 1, false);
        slow.forward(Twins.magnitudes(x), magnitudes, scaleY, 1, false);
        slow.backwardInput(Twins.wide(dy), wide, dx, 1, false);
        slow.backwardInput(Twins.magnitudes(dy), magnitudes, scaleDx, 1, false);
        for (Way way : ways) {
            for (boolean accumulate : new boolean[] {false, true}) {
                F32Tensor fastY = accumulate ? twins.uniform(m, n) : Twins.unset(m, n);
                Tensor addY = accumulate ? Twins.wide(fastY) : F64Tensor.zeros(m, n);
                way.matmul.forward(x, w, fastY, 1, accumulate);
                double errorY = (k + 8) * U + way.rounding;
                assertClose(format + " y", fastY, y, scaleY, addY, errorY);
                F32Tensor fastDx = accumulate ? twins.uniform(m, k) : Twins.unset(m, k);
                Tensor addDx = accumulate ? Twins.wide(fastDx) : F64Tensor.zeros(m, k);
                way.matmul.backwardInput(dy, w, fastDx, 1, accumulate);
                double errorDx = (n + 8) * U + way.rounding;
                assertClose(format + " dx", fastDx, dx, scaleDx, addDx, errorDx);
            }
        }
    }

    /** Compares with {@code product + added}; the error is relative to the sum of magnitudes. */
    private static void assertClose(
            String what, F32Tensor fast, Tensor product, Tensor scale, Tensor added, double error) {
        F64Tensor exact = F64Tensor.zeros(fast.rows(), fast.cols());
        for (int r = 0; r < fast.rows(); r++) {
            for (int c = 0; c < fast.cols(); c++) {
                exact.set(r, c, product.get(r, c) + added.get(r, c));
            }
        }
        Twins.assertClose(
                what, fast, exact, (r, c) -> error * (scale.get(r, c) + Math.abs(added.get(r, c))));
    }

    @ParameterizedTest
    @EnumSource(MappedTensor.Format.class)
    void everyDimensionMayHaveAnyLength(MappedTensor.Format format) {
        for (int size : new int[] {1, 7, 8, 15, 16, 17, 31, 33, 64, 65, 100, 257}) {
            compare(size, 19, 21, format, exact);
            compare(17, size, 21, format, exact);
            compare(17, 21, size, format, exact);
        }
    }

    @ParameterizedTest
    @CsvSource({"300, 33, 40", "520, 20, 9", "9, 1100, 33", "12, 33, 4100", "9, 4200, 9"})
    void blocksJoinWithoutASeam(int m, int n, int k) {
        compare(m, n, k, MappedTensor.Format.BF16, exact);
        compare(m, n, k, MappedTensor.Format.F32, exact);
    }

    @ParameterizedTest
    @CsvSource({"9, 17, 33", "65, 40, 100", "300, 33, 40"})
    void inBfloat16OnlyTheInputIsRounded(int m, int n, int k) {
        compare(m, n, k, MappedTensor.Format.BF16, new Way(fast(true), BF16_ROUNDING));
        // Weights in another format are multiplied as exactly as ever.
        compare(m, n, k, MappedTensor.Format.F32, new Way(fast(true), 0));
    }

    /** Weights and inputs are each rounded to bfloat16: both errors, and their product. */
    private static final double TWICE_ROUNDED = 2 * BF16_ROUNDING + BF16_ROUNDING * BF16_ROUNDING;

    @ParameterizedTest
    @EnumSource
    void blocksAreDequantisedATileAtATime(BlockFormat format) {
        int[][] shapes = {{9, 17, 3}, {9, 700, 2}, {300, 33, 1}, {9, 5, 4352 / format.size()}};
        for (int[] shape : shapes) {
            int k = shape[2] * format.size();
            Tensor w = new Twins(k).blocks(format, shape[1], k);
            compare(shape[0], w, format.name(), exact, new Way(fast(true), TWICE_ROUNDED));
        }
        // Gradients of inputs sum over more rows of weights than one call takes.
        Tensor tall = new Twins(3).blocks(format, 4100, format.size());
        compare(9, tall, format.name(), exact);
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
