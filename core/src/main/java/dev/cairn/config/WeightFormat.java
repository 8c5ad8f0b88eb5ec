package dev.cairn.config;

/**
 * The number format in which an opened model's matrices are multiplied. Decoding a token reads all
 * of them, so its speed is the machine's memory bandwidth divided by their size. Vectors, norms,
 * the embedding and adapters stay as they are.
 */
public enum WeightFormat {
    /** As stored, read in place from the file. */
    AS_STORED,
    /** bfloat16: read in place if the file stores them so, otherwise rounded. */
    BF16,
    /** Signed bytes with a scale for each row. */
    INT8,
    /**
     * Four bits with a scale for each 32 columns of a row; the head, and matrices of fewer than
     * 65,536 weights, are {@link #INT8}.
     */
    INT4
}
