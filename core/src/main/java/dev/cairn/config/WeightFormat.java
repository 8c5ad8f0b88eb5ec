package dev.cairn.config;

/**
 * What the matrices of an opened model are multiplied as: decoding a token reads all of them, so
 * its speed is the machine's memory bandwidth divided by their size. Vectors, norms, the embedding
 * and adapters stay as they are.
 */
public enum WeightFormat {
    /** As the file has them, where they lie in it. */
    AS_STORED,
    /** bfloat16: where they lie in the file if that is what they are, else rounded. */
    BF16,
    /** Signed bytes with a scale for each row. */
    INT8,
    /**
     * Four bits with a scale for each 32 columns of a row; the head, and matrices of fewer than
     * 65,536 weights, as {@link #INT8}.
     */
    INT4
}
