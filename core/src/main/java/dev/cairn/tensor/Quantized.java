package dev.cairn.tensor;

import dev.cairn.CairnException;

/** Helpers shared by the quantized formats. */
public final class Quantized {
    /**
     * Adding and then subtracting 1.5·2^23 rounds a small float to the nearest integer, ties to
     * even.
     */
    public static final float ROUNDER = 12582912f;

    private Quantized() {}

    /** The integer nearest to a value whose magnitude is far below 2^22. */
    static int round(float value) {
        return (int) (value + ROUNDER - ROUNDER);
    }

    /**
     * Checks that an array can have this length.
     *
     * @throws CairnException if it is too long; names the matrix's shape
     */
    public static int arrayLength(Tensor weights, long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new CairnException(
                    "a matrix of %d rows and %d columns is too large to be quantized; run the model in its stored format"
                            .formatted(weights.rows(), weights.cols()));
        }
        return (int) length;
    }
}
