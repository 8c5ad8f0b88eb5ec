package dev.cairn.tensor;

import dev.cairn.CairnException;

/** What the ways to quantize share. */
public final class Quantized {
    /**
     * Adding and taking away 1.5·2^23 rounds a small float to the nearest integer, ties to even.
     */
    public static final float ROUNDER = 12582912f;

    private Quantized() {}

    /** The nearest integer of a value far below 2^22. */
    static int round(float value) {
        return (int) (value + ROUNDER - ROUNDER);
    }

    /** A length of an array, or an error for a person. */
    public static int arrayLength(Tensor weights, long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new CairnException(
                    "a matrix of %d rows and %d columns is too large to be quantized; run the model as it is stored"
                            .formatted(weights.rows(), weights.cols()));
        }
        return (int) length;
    }
}
