package dev.cairn.tensor.matmul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.F64Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.Twins;
import dev.cairn.tensor.block.BlockFormat;
import dev.cairn.tensor.kernel.Kernels;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with weights in blocks against the loops. */
class BlockProductsTest {
    /** Rows of inputs, rows of weights, blocks per row. */
    private static final int[][] SHAPES = {
        {1, 1, 1}, {1, 3, 2}, {2, 17, 3}, {3, 5, 1}, {4, 33, 2}, {1, 700, 2}, {3, 300, 2}
    };

    private final Matmul fast = Kernels.vector().matmul();
    private final Matmul slow = Kernels.scalar(Precision.F64).matmul();

    /**
     * Few rows are rounded to integers, so the twin multiplies what they became. Every group's sum
     * of integers is exact; its factors, products and additions are rounded, up to three times for
     * each of the K / 16 groups. The weights' magnitudes count without their minima, which are
     * multiplied apart and may cancel most of the rest: with q up to 31 and minima up to 0.63, that
     * is at most 1.3 per weight.
     */
    @ParameterizedTest
    @EnumSource
    void fewRows(BlockFormat format) {
        for (int[] shape : SHAPES) {
            int k = shape[2] * format.size();
            Twins twins = new Twins(k + 7L * shape[1] + format.ordinal());
            F32Tensor x = twins.uniform(shape[0], k);
            BlockTensor w = twins.blocks(format, shape[1], k);
            F64Tensor inputs =
                    format.roundsInputs() ? rounded(x, format.greatestInput()) : Twins.wide(x);
            compare(inputs, x, w, parts(w), (format.roundsInputs() ? k / 5 : k) + 8);
        }
    }

    /** Many rows keep their inputs as they are. */
    @ParameterizedTest
    @EnumSource
    void manyRows(BlockFormat format) {
        Twins twins = new Twins(format.ordinal());
        int k = 2 * format.size();
        F32Tensor x = twins.uniform(17, k);
        BlockTensor w = twins.blocks(format, 41, k);
        compare(Twins.wide(x), x, w, Twins.magnitudes(w), k + 8);
    }

    @ParameterizedTest
    @EnumSource
    void gradientsOfInputs(BlockFormat format) {
        Twins twins = new Twins(format.ordinal());
        int k = 2 * format.size();
        for (int m : new int[] {1, 3, 17}) {
            F32Tensor dy = twins.uniform(m, 41);
            BlockTensor w = twins.blocks(format, 41, k);
            F32Tensor dx = Twins.unset(m, k);
            fast.backwardInput(dy, w, dx, 0.7, false);
            F64Tensor exact = F64Tensor.zeros(m, k);
            slow.backwardInput(Twins.wide(dy), Twins.wide(w), exact, 0.7, false);
            F64Tensor scale = F64Tensor.zeros(m, k);
            slow.backwardInput(Twins.magnitudes(dy), Twins.magnitudes(w), scale, 0.7, false);
            Twins.assertClose(
                    format.name(), dx, exact, (r, c) -> (41 + 8) * Twins.U * scale.get(r, c));
        }
    }

    /** What each row of inputs becomes: off by at most half a step. */
    private static F64Tensor rounded(F32Tensor x, int steps) {
        F64Tensor rounded = F64Tensor.zeros(x.rows(), x.cols());
        for (int m = 0; m < x.rows(); m++) {
            BlockInput input = new BlockInput();
            input.set(x.data, m * x.cols(), x.cols(), steps);
            for (int k = 0; k < x.cols(); k++) {
                double greatest = 0;
                for (int i = k / 32 * 32; i < k / 32 * 32 + 32; i++) {
                    greatest = Math.max(greatest, Math.abs(x.get(m, i)));
                }
                double error = Math.abs(input.get(k) - x.get(m, k));
                assertThat(error).isLessThan(0.501 * greatest / steps);
                rounded.set(m, k, input.get(k));
            }
        }
        return rounded;
    }

    /** Magnitudes of weights; see {@link #fewRows} for formats with minima. */
    private static F64Tensor parts(BlockTensor w) {
        F64Tensor parts = Twins.magnitudes(w);
        for (int n = 0; n < w.rows() && w.format.hasMins(); n++) {
            for (int k = 0; k < w.cols(); k++) {
                parts.set(n, k, parts.get(n, k) + 1.3);
            }
        }
        return parts;
    }

    private void compare(F64Tensor inputs, F32Tensor x, Tensor w, F64Tensor parts, int roundings) {
        Twins twins = new Twins(5);
        for (boolean accumulate : new boolean[] {false, true}) {
            F32Tensor before = twins.uniform(x.rows(), w.rows());
            F32Tensor y = accumulate ? Twins.copy(before) : Twins.unset(x.rows(), w.rows());
            fast.forward(x, w, y, 0.7, accumulate);
            Tensor exact = Twins.wide(before);
            slow.forward(inputs, Twins.wide(w), exact, 0.7, accumulate);
            Tensor scale = Twins.magnitudes(before);
            slow.forward(Twins.magnitudes(inputs), parts, scale, 0.7, true);
            Twins.assertClose(
                    w + " " + accumulate,
                    y,
                    exact,
                    (r, c) -> roundings * Twins.U * scale.get(r, c));
        }
    }

    /**
     * The extremes of both factors are where 16 bits are just enough. An overflow of one lane would
     * be off by 2^16 steps of input and weight, at least 32 times the greatest scale.
     */
    @ParameterizedTest
    @EnumSource
    void sumsOfAGroupDoNotOverflow(BlockFormat format) {
        int k = 2 * format.size();
        for (int fill : new int[] {0x00, 0x7F, 0x80, 0xFF}) {
            BlockTensor w = new Twins(1).blocks(format, 5, k);
            w.data.fill((byte) fill);
            for (long at = 0; at < w.data.byteSize(); at += format.bytes()) {
                for (int factor : Twins.factors(format)) {
                    w.data.set(MappedTensor.SHORT, at + factor, Float.floatToFloat16(1));
                }
                if (format == BlockFormat.MXFP4) {
                    w.data.set(ValueLayout.JAVA_BYTE, at, (byte) 127);
                }
            }
            for (float value : new float[] {-1, 1}) {
                F32Tensor x = F32Tensor.zeros(1, k);
                Arrays.fill(x.data, value);
                F32Tensor y = Twins.unset(1, 5);
                fast.forward(x, w, y, 1, false);
                F64Tensor exact = F64Tensor.zeros(1, 5);
                slow.forward(Twins.wide(x), Twins.wide(w), exact, 1, false);
                // Scales are at most 128, integers 128, and neither format has both.
                double bound = 1e-6 * k * 64 * 64;
                Twins.assertClose(format + " " + fill, y, exact, (r, c) -> bound);
            }
        }
    }

    /** A damaged weight or input must not become a number that looks right. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MXFP4")
    void whatIsNotANumberStaysThat(BlockFormat format) {
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            F32Tensor x = new Twins(3).uniform(1, format.size());
            BlockTensor w = new Twins(2).blocks(format, 5, format.size());
            F32Tensor y = Twins.unset(1, 5);
            fast.forward(x, w, y, 1, false);
            assertThat(Float.isFinite(y.data[3])).isTrue();
            long factor = Twins.factors(format)[0];
            w.data.set(MappedTensor.SHORT, w.rowAt(3) + factor, Float.floatToFloat16(broken));
            fast.forward(x, w, y, 1, false);
            assertThat(Float.isFinite(y.data[2])).isTrue();
            assertThat(Float.isFinite(y.data[3])).as("%s %s", format, broken).isFalse();
            x.data[20] = broken;
            fast.forward(x, w, y, 1, false);
            assertThat(Float.isFinite(y.data[2])).as("%s %s", format, broken).isFalse();
        }
    }
}
