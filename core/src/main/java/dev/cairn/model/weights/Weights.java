package dev.cairn.model.weights;

/** The source of a model's weights. Names are those of the Hugging Face checkpoint. */
public interface Weights {
    /**
     * A matrix {@code [rows, cols]}.
     *
     * @throws dev.cairn.CairnException when it is missing or has another shape
     */
    Parameter matrix(String name, int rows, int cols);

    /**
     * The matrix of a linear layer, {@code [out, in]}; may be held in another format.
     *
     * @throws dev.cairn.CairnException when it is missing or has another shape
     */
    default Parameter linear(String name, int rows, int cols) {
        return matrix(name, rows, cols);
    }

    /**
     * The matrix of the output head, {@code [vocabulary, hidden]}; otherwise like {@link #linear}.
     */
    default Parameter head(String name, int rows, int cols) {
        return linear(name, rows, cols);
    }

    /** The matrix of an output head that is tied to the embedding. */
    default Parameter tied(Parameter embedding) {
        return embedding;
    }

    /** Whether these weights are read from files that hold a tensor of this name. */
    default boolean holds(String name) {
        return false;
    }

    /** A gain vector, {@code [1, size]}; all ones in an untrained model. */
    Parameter gain(String name, int size);

    /** A bias vector, {@code [1, size]}; all zeros in an untrained model. */
    Parameter bias(String name, int size);
}
