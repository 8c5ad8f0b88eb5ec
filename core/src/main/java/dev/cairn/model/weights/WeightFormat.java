package dev.cairn.model.weights;

import dev.cairn.tensor.Int4Tensor;
import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Tensor;

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
    INT4;

    /**
     * Smaller matrices stay in a core's cache, where fewer bits lose precision and gain no time.
     */
    private static final long FEW_WEIGHTS = 1 << 16;

    /**
     * The format of the output head. What is lost there is lost in every logit, so it gets no fewer
     * than eight bits (llama.cpp makes the same choice).
     */
    WeightFormat ofHead() {
        return this == INT4 ? INT8 : this;
    }

    private static boolean isSmall(Tensor matrix) {
        return (long) matrix.rows() * matrix.cols() < FEW_WEIGHTS;
    }

    /** The matrix of a linear layer in this format. */
    Tensor of(Tensor stored) {
        return switch (this) {
            case AS_STORED -> stored;
            case BF16 -> MappedTensor.bf16(stored);
            case INT8 -> Int8Tensor.of(stored);
            case INT4 -> isSmall(stored) ? Int8Tensor.of(stored) : Int4Tensor.of(stored);
        };
    }
}
