package dev.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.tensor.block.BlockFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Inputs for a fast kernel and its scalar twin, and the comparison of what they made of them. */
public final class Twins {
    /** Unit roundoff of float: the greatest relative error of one operation. */
    public static final double U = 0x1p-24;

    /** Values of an array that are no part of its tensor: read or written only by mistake. */
    private static final int TAIL = 37;

    private final SplittableRandom random;

    public Twins(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Values between −1 and 1, in an array longer than needed whose end is NaN. */
    public F32Tensor uniform(int rows, int cols) {
        return uniform(rows, cols, 1);
    }

    public F32Tensor uniform(int rows, int cols, double magnitude) {
        F32Tensor t = unset(rows, cols);
        for (int i = 0; i < rows * cols; i++) {
            t.data[i] = (float) (magnitude * (2 * random.nextDouble() - 1));
        }
        return t;
    }

    public int[] below(int bound, int count) {
        return random.ints(count, 0, bound).toArray();
    }

    /** A tensor of NaN: what a kernel that overwrites must not let through. */
    public static F32Tensor unset(int rows, int cols) {
        float[] data = new float[rows * cols + TAIL];
        Arrays.fill(data, Float.NaN);
        return F32Tensor.of(data, rows, cols);
    }

    public static F32Tensor copy(F32Tensor t) {
        return F32Tensor.of(t.data.clone(), t.rows(), t.cols());
    }

    /** The same values in double, for the twin. */
    public static F64Tensor wide(Tensor t) {
        F64Tensor wide = F64Tensor.zeros(t.rows(), t.cols());
        // To get single values out of blocks takes long.
        Tensor from = t instanceof BlockTensor ? F32Tensor.of(t.toFloats(), t.rows(), t.cols()) : t;
        for (int r = 0; r < t.rows(); r++) {
            for (int c = 0; c < t.cols(); c++) {
                wide.set(r, c, from.get(r, c));
            }
        }
        return wide;
    }

    /** Absolute values in double: a product of them bounds the rounding errors of a product. */
    public static F64Tensor magnitudes(Tensor t) {
        F64Tensor wide = wide(t);
        for (int r = 0; r < t.rows(); r++) {
            for (int c = 0; c < t.cols(); c++) {
                wide.set(r, c, Math.abs(wide.get(r, c)));
            }
        }
        return wide;
    }

    /** The values rounded to a format of weight files, at an odd address. */
    public static MappedTensor mapped(F32Tensor t, MappedTensor.Format format) {
        int size = format == MappedTensor.Format.F32 ? 4 : 2;
        int n = t.rows() * t.cols();
        MemorySegment bytes = Arena.ofAuto().allocate((long) n * size + 1).asSlice(1);
        for (int i = 0; i < n; i++) {
            switch (format) {
                case F32 -> bytes.set(MappedTensor.FLOAT, 4L * i, t.data[i]);
                case BF16 -> bytes.set(MappedTensor.SHORT, 2L * i, BFloat16.of(t.data[i]));
                case F16 -> bytes.set(MappedTensor.SHORT, 2L * i, Float.floatToFloat16(t.data[i]));
            }
        }
        return MappedTensor.of(bytes, format, t.rows(), t.cols());
    }

    /**
     * Random blocks at an odd address, with factors between −0.01 and 0.01: every byte means
     * something in every format.
     */
    public BlockTensor blocks(BlockFormat format, int rows, int cols) {
        long count = rows * format.rowBytes(cols) / format.bytes();
        MemorySegment bytes = Arena.ofAuto().allocate(count * format.bytes() + 1).asSlice(1);
        for (long i = 0; i < bytes.byteSize(); i++) {
            bytes.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        for (long block = 0; block < count; block++) {
            long at = block * format.bytes();
            for (int factor : factors(format)) {
                short half = Float.floatToFloat16((float) (0.02 * random.nextDouble() - 0.01));
                bytes.set(MappedTensor.SHORT, at + factor, half);
            }
            if (format == BlockFormat.MXFP4) {
                bytes.set(ValueLayout.JAVA_BYTE, at, (byte) (118 + random.nextInt(4)));
            }
        }
        return BlockTensor.of(bytes, format, rows, cols);
    }

    /** Where a block has half-precision numbers. */
    public static int[] factors(BlockFormat format) {
        return switch (format) {
            case Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> new int[] {0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
            case Q2_K -> new int[] {80, 82};
            case Q3_K -> new int[] {108};
            case Q6_K -> new int[] {208};
            case MXFP4 -> new int[] {};
        };
    }

    public static double greatest(Tensor t) {
        double greatest = 0;
        for (int r = 0; r < t.rows(); r++) {
            for (int c = 0; c < t.cols(); c++) {
                greatest = Math.max(greatest, Math.abs(t.get(r, c)));
            }
        }
        return greatest;
    }

    /** How far off element {@code (row, col)} may be. */
    @FunctionalInterface
    public interface Bound {
        double at(int row, int col);
    }

    /** Compares every element, and sees that nothing was written beyond the last. */
    public static void assertClose(String what, F32Tensor fast, Tensor exact, Bound bound) {
        for (int r = 0; r < fast.rows(); r++) {
            for (int c = 0; c < fast.cols(); c++) {
                double error = Math.abs(fast.get(r, c) - exact.get(r, c));
                if (!(error <= bound.at(r, c))) {
                    assertThat(fast.get(r, c))
                            .as("%s: [%d, %d] of %s, bound %g", what, r, c, fast, bound.at(r, c))
                            .isEqualTo(exact.get(r, c));
                }
            }
        }
        for (int i = fast.rows() * fast.cols(); i < fast.data.length; i++) {
            assertThat(fast.data[i]).as("%s: value %d beyond %s", what, i, fast).isNaN();
        }
    }
}
