package dev.cairn.tensor;

import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Quantizes one group of columns of a block of rows to four bits. Values are stored as {@code
 * [column][row]}, so that a vector holds one column of several rows.
 */
final class Int4Group {
    /**
     * Candidates for the number that a group's value of greatest magnitude is scaled to; numbers
     * out of range are clipped. The candidate with the least squared error is chosen. Four bits
     * range from −8 to 7, so the sign of the scale makes the greatest value negative.
     */
    private static final float[] REACHES = {8f, 7f, 7.5f, 8.75f};

    private final int rows;
    private final float[] values;
    private final float[] extremes;
    private final float[] inverses;
    private final float[] bestScales;

    Int4Group(int rows) {
        this.rows = rows;
        values = new float[Int4Tensor.GROUP * rows];
        extremes = new float[rows];
        inverses = new float[rows];
        bestScales = new float[rows];
    }

    /** Loads columns, starting at {@code at}, of rows that are {@code stride} apart. */
    void load(float[] lines, int at, int stride) {
        for (int r = 0; r < rows; r++) {
            int from = at + r * stride;
            float extreme = 0;
            for (int k = 0; k < Int4Tensor.GROUP; k++) {
                float value = lines[from + k];
                values[k * rows + r] = value;
                // NaN is not an extreme, but must not get lost.
                if (Math.abs(value) > Math.abs(extreme) || Float.isNaN(value)) {
                    extreme = value;
                }
            }
            extremes[r] = extreme;
        }
    }

    /** Chooses the scales, and writes quantized values and scales. */
    void quantize(int[] data, int at, short[] scalesOut, int scaleAt) {
        for (int r = 0; r < rows; r += LANES) {
            choose(values, rows, r, extremes, bestScales);
        }
        write(data, at, scalesOut, scaleAt);
    }

    /** Chooses the scales, rounded to bfloat16, of as many rows as a vector has lanes. */
    private static void choose(
            float[] values, int rows, int row, float[] extremes, float[] bestScales) {
        FloatVector extreme = FloatVector.fromArray(SPECIES, extremes, row);
        FloatVector leastError = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
        FloatVector bestScale = extreme;
        for (int i = 0; i < REACHES.length; i++) {
            IntVector bits = extreme.div(-REACHES[i]).reinterpretAsInts();
            IntVector lowestKept = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            FloatVector scale =
                    bits.add(0x7FFF).add(lowestKept).and(0xFFFF0000).reinterpretAsFloats();
            FloatVector inverse =
                    FloatVector.broadcast(SPECIES, 1)
                            .div(scale)
                            .blend(0, scale.abs().compare(VectorOperators.LT, Float.MIN_NORMAL));
            FloatVector error = FloatVector.zero(SPECIES);
            for (int at = row; at < values.length; at += rows) {
                FloatVector value = FloatVector.fromArray(SPECIES, values, at);
                FloatVector q = value.mul(inverse).add(Quantized.ROUNDER).sub(Quantized.ROUNDER);
                FloatVector lost = value.sub(q.max(-8).min(7).mul(scale));
                error = lost.fma(lost, error);
            }
            // The first candidate is always taken: the error of a NaN cannot be compared.
            VectorMask<Float> better = error.compare(VectorOperators.LT, leastError);
            bestScale = i == 0 ? scale : bestScale.blend(scale, better);
            leastError = leastError.blend(error, better);
        }
        bestScale.intoArray(bestScales, row);
    }

    private static float inverse(float scale) {
        return Math.abs(scale) < Float.MIN_NORMAL ? 0 : 1 / scale;
    }

    private void write(int[] data, int at, short[] scalesOut, int scaleAt) {
        for (int r = 0; r < rows; r++) {
            scalesOut[scaleAt + Int4Tensor.scaleOf(r)] = BFloat16.of(bestScales[r]);
            inverses[r] = inverse(bestScales[r]);
        }
        Arrays.fill(data, at, at + Int4Tensor.GROUP / Int4Tensor.PACK * rows, 0);
        for (int k = 0; k < Int4Tensor.GROUP; k++) {
            int to = at + k / Int4Tensor.PACK * rows;
            int shift = 4 * (k % Int4Tensor.PACK);
            for (int r = 0; r < rows; r++) {
                data[to + r] |= bits(k, r) << shift;
            }
        }
    }

    private int bits(int k, int r) {
        int q = Quantized.round(values[k * rows + r] * inverses[r]);
        return Math.clamp(q, -8, 7) + Int4Tensor.ZERO;
    }
}
