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
import dev.cairn.tensor.block.BlockInput;
import dev.cairn.tensor.block.BlockScratch;
import dev.cairn.tensor.kernel.Kernels;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Products with weights in blocks against the loops. */
class BlockProductsTest {
    /** Rows of inputs, rows of weights, blocks per row. */
    private static final int[][] SHAPES = {
        {1, 1, 1}, {1, 3, 2}, {2, 17, 3}, {3, 5, 1}, {4, 33, 2}, {1, 700, 2}, {3, 300, 2}
    };

    private final Matmul fast = Kernels.vector().matmul();
    private final Matmul slow = Kernels.scalar(Precision.F64).matmul();

    /**
     * Along a lane, every product is rounded once, and so is every sum of a group with its factor:
     * less than K / 4 + 8 roundings, with four lanes or more.
     */
    @ParameterizedTest
    @EnumSource
    void fewRows(BlockFormat format) {
        for (int[] shape : SHAPES) {
            int k = shape[2] * format.size();
            Twins twins = new Twins(k + 7L * shape[1] + format.ordinal());
            F32Tensor x = twins.uniform(shape[0], k);
            BlockTensor w = twins.blocks(format, shape[1], k);
            compare(x, w, parts(w), (format.hasProducts() ? k / 4 : k) + 8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyRows(BlockFormat format) {
        Twins twins = new Twins(format.ordinal());
        int k = 2 * format.size();
        F32Tensor x = twins.uniform(17, k);
        BlockTensor w = twins.blocks(format, 41, k);
        compare(x, w, Twins.magnitudes(w), k + 8);
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

    /**
     * What weights are made of, in magnitude: {@code scale · (q + 2^bits)}, from which {@link
     * BlockInput} takes away {@code scale · 2^bits} and more. Scales are at most 0.01, in
     * super-blocks times 63 or 128.
     */
    private static F64Tensor parts(BlockTensor w) {
        double parts =
                switch (w.format) {
                    case Q4_0, Q4_1 -> 0.01 * (15 + 8);
                    case Q5_0, Q5_1 -> 0.01 * (31 + 16);
                    case Q8_0 -> 0.01 * 128;
                    case Q4_K -> 0.63 * (31 + 16 + 1);
                    case Q5_K -> 0.63 * (63 + 32 + 1);
                    case Q6_K -> 1.28 * (127 + 96);
                    default -> 0;
                };
        F64Tensor magnitudes = Twins.magnitudes(w);
        for (int n = 0; n < w.rows() && parts > 0; n++) {
            for (int k = 0; k < w.cols(); k++) {
                magnitudes.set(n, k, parts);
            }
        }
        return magnitudes;
    }

    private static Stream<BlockFormat> multiplied() {
        return Arrays.stream(BlockFormat.values()).filter(BlockFormat::hasProducts);
    }

    @ParameterizedTest
    @MethodSource("multiplied")
    void loopsGiveTheSameBits(BlockFormat format) {
        for (int blocks : new int[] {1, 2, 3, 7}) {
            int k = blocks * format.size();
            Twins twins = new Twins(blocks + 11L * format.ordinal());
            BlockTensor w = twins.blocks(format, 2, k);
            BlockInput x = new BlockInput();
            // What lies before the row is not part of it.
            x.set(format, twins.uniform(1, k + 3).data, 3, k);
            BlockScratch fast = new BlockScratch();
            BlockScratch slow = new BlockScratch();
            format.multiply(w.data, 0, w.rowAt(1), blocks, x, fast);
            x.arrangeForLoops(format, k);
            format.multiplyInLoops(w.data, 0, w.rowAt(1), blocks, x, slow);
            for (int row = 0; row < 2; row++) {
                assertThat(Float.floatToRawIntBits(fast.sum(row)))
                        .as(
                                "%d blocks, row %d: %s and %s",
                                blocks, row, fast.sum(row), slow.sum(row))
                        .isEqualTo(Float.floatToRawIntBits(slow.sum(row)));
            }
        }
    }

    private void compare(F32Tensor x, Tensor w, F64Tensor parts, int roundings) {
        Twins twins = new Twins(5);
        for (boolean accumulate : new boolean[] {false, true}) {
            F32Tensor before = twins.uniform(x.rows(), w.rows());
            F32Tensor y = accumulate ? Twins.copy(before) : Twins.unset(x.rows(), w.rows());
            fast.forward(x, w, y, 0.7, accumulate);
            Tensor exact = Twins.wide(before);
            slow.forward(Twins.wide(x), Twins.wide(w), exact, 0.7, accumulate);
            Tensor scale = Twins.magnitudes(before);
            slow.forward(Twins.magnitudes(x), parts, scale, 0.7, true);
            Twins.assertClose(
                    w + " " + accumulate,
                    y,
                    exact,
                    (r, c) -> roundings * Twins.U * scale.get(r, c));
        }
    }

    /** Integers, scales and minima at the ends of their ranges, where a sign is easily lost. */
    @ParameterizedTest
    @EnumSource
    void integersAtTheEndsOfTheirRanges(BlockFormat format) {
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
