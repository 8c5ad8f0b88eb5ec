package dev.cairn.model.weights;

/** Where a model gets its weights from. Names are those of the Hugging Face checkpoint. */
public interface Weights {
    /**
     * A matrix {@code [rows, cols]}.
     *
     * @throws dev.cairn.CairnException when it is missing or has another shape
     */
    Parameter matrix(String name, int rows, int cols);

    /**
     * The matrix of a linear layer, {@code [out, in]}, which may be held in another format.
     *
     * @throws dev.cairn.CairnException when it is missing or has another shape
     */
    default Parameter linear(String name, int rows, int cols) {
        return matrix(name, rows, cols);
    }

    /** The matrix of the head, {@code [vocabulary, hidden]}; otherwise like {@link #linear}. */
    default Parameter head(String name, int rows, int cols) {
        return linear(name, rows, cols);
    }

    /** An embedding as the matrix of the head that is tied to it. */
    default Parameter tied(Parameter embedding) {
        return embedding;
    }

    /** A vector, as one row; all ones in a fresh model. */
    Parameter gain(String name, int size);

    /** A vector, as one row; all zeros in a fresh model. */
    Parameter bias(String name, int size);
}
