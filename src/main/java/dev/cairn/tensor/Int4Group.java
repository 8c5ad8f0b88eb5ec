package dev.cairn.tensor;

import java.util.Arrays;

/**
 * Rounds one group of columns of a block of rows to four bits. Everything lies {@code
 * [column][row]}, so that the loops over rows become vector code.
 */
final class Int4Group {
    /**
     * Which number the greatest magnitude of a group is rounded to, or beyond: of these the one
     * with the least squared error is taken. The bits reach from −8 to 7, so the greatest is made
     * negative by the sign of the scale.
     */
    private static final float[] REACHES = {8f, 7f, 7.5f, 8.75f};

    private final int rows;
    private final float[] values;
    private final float[] extremes;
    private final float[] scales;
    private final float[] inverses;
    private final float[] errors;
    private final float[] leastErrors;
    private final float[] bestScales;

    Int4Group(int rows) {
        this.rows = rows;
        values = new float[Int4Tensor.GROUP * rows];
        extremes = new float[rows];
        scales = new float[rows];
        inverses = new float[rows];
        errors = new float[rows];
        leastErrors = new float[rows];
        bestScales = new float[rows];
    }

    /** Takes the columns from {@code at} on of rows that lie {@code stride} apart. */
    void load(float[] lines, int at, int stride) {
        for (int r = 0; r < rows; r++) {
            int from = at + r * stride;
            float extreme = 0;
            for (int k = 0; k < Int4Tensor.GROUP; k++) {
                float value = lines[from + k];
                values[k * rows + r] = value;
                // NaN is no extreme, but must not get lost.
                if (Math.abs(value) > Math.abs(extreme) || Float.isNaN(value)) {
                    extreme = value;
                }
            }
            extremes[r] = extreme;
        }
    }

    /** Chooses the scales and writes numbers and scales. */
    void quantize(int[] data, int at, short[] scalesOut, int scaleAt) {
        Arrays.fill(leastErrors, Float.POSITIVE_INFINITY);
        for (int r = 0; r < rows; r++) {
            bestScales[r] = rounded(-extremes[r] / REACHES[0]);
        }
        for (float reach : REACHES) {
            for (int r = 0; r < rows; r++) {
                scales[r] = rounded(-extremes[r] / reach);
                inverses[r] = inverse(scales[r]);
            }
            sumErrors();
            for (int r = 0; r < rows; r++) {
                if (errors[r] < leastErrors[r]) {
                    leastErrors[r] = errors[r];
                    bestScales[r] = scales[r];
                }
            }
        }
        write(data, at, scalesOut, scaleAt);
    }

    private static float rounded(float scale) {
        return BFloat16.toFloat(BFloat16.of(scale));
    }

    private static float inverse(float scale) {
        return Math.abs(scale) < Float.MIN_NORMAL ? 0 : 1 / scale;
    }

    private void sumErrors() {
        Arrays.fill(errors, 0);
        for (int at = 0; at < values.length; at += rows) {
            for (int r = 0; r < rows; r++) {
                float value = values[at + r];
                float q = value * inverses[r] + Quantized.ROUNDER - Quantized.ROUNDER;
                float error = value - Math.max(-8f, Math.min(7f, q)) * scales[r];
                errors[r] += error * error;
            }
        }
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
