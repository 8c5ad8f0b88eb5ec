package dev.cairn.model.weights;

import dev.cairn.format.SafetensorsTensor;
import dev.cairn.model.config.ConfigJson;
import java.util.Collection;
import java.util.Set;

/**
 * A model on disk: a Hugging Face directory or a GGUF file. Tensors have Hugging Face's names,
 * shapes and order of rows.
 */
public interface StoredModel extends AutoCloseable {
    /** The configuration, with all tokens that end a text. */
    ConfigJson config();

    /** The weights, frozen and mapped; valid until {@link #close}. */
    Weights weights();

    /** Whether there are weights in blocks, which a product must dequantise first. */
    boolean isQuantized();

    /** The names of all tensors; there may be some that the model does not use. */
    Set<String> names();

    /**
     * One tensor, to be read row by row.
     *
     * @throws dev.cairn.CairnException when there is none of that name, or its type is unknown
     */
    StoredTensor tensor(String name);

    /**
     * One tensor, to be written to a safetensors file: byte for byte if safetensors has its type,
     * otherwise as F32.
     *
     * @throws dev.cairn.CairnException as {@link #tensor}
     */
    SafetensorsTensor copy(String name);

    /**
     * Refuses tensors that a model of this kind cannot have, since the model would compute
     * something else without them.
     *
     * @param used the names of the tensors that the model uses
     * @throws dev.cairn.CairnException naming the first such tensor
     */
    void refuseUnused(Collection<String> used);

    /** Unmaps the files. */
    @Override
    void close();
}
