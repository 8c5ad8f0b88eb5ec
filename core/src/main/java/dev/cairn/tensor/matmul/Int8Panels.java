package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.Int8Tensor;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Packs signed bytes into panels. Their rows are already interleaved like those of a panel, so they
 * only have to be converted to floats, the same as from {@link Int8Tensor#read}.
 */
final class Int8Panels {
    private static final int WIDTH = MicroKernel.COLS;

    /** As many bytes as a vector has floats; there is no vector of 4 bytes. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 4)));

    private Int8Panels() {}

    /**
     * Whether panels of this width, starting at row {@code i0}, align with the blocks of the
     * tensor.
     */
    static boolean isPossible(int i0, int width) {
        return BYTES.length() == LANES && width == WIDTH && i0 % WIDTH == 0;
    }

    /** Packs rows {@code i0} to {@code i0 + count}, columns {@code k0} to {@code k0 + depth}. */
    static void pack(Int8Tensor w, int i0, int count, int k0, int depth, float[] panels) {
        for (int i = 0; i < count; i += WIDTH) {
            int row = i0 + i;
            int at = Int8Tensor.at(row, k0, w.cols());
            panel(w.data, at, w.scales, row, depth, panels, i * depth);
        }
    }

    private static void panel(
            byte[] w, int at, float[] scales, int row, int depth, float[] panels, int to) {
        FloatVector left = FloatVector.fromArray(SPECIES, scales, row);
        FloatVector right = FloatVector.fromArray(SPECIES, scales, row + LANES);
        for (int k = 0; k < depth; k++) {
            floats(w, at + k * Int8Tensor.ROWS).mul(left).intoArray(panels, to + k * WIDTH);
            floats(w, at + k * Int8Tensor.ROWS + LANES)
                    .mul(right)
                    .intoArray(panels, to + k * WIDTH + LANES);
        }
    }

    private static FloatVector floats(byte[] w, int at) {
        return (FloatVector)
                ByteVector.fromArray(BYTES, w, at).convertShape(VectorOperators.B2F, SPECIES, 0);
    }
}
