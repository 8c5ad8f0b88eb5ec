package dev.cairn.model;

import dev.cairn.model.weights.MappedWeights;
import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.Weights;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's configuration, read and checked, which knows how its tensors are named and how a layer
 * is put together. What all architectures have in common is assembled here.
 */
interface Architecture {
    ModelConfig config();

    /** Name of the embedding in the checkpoint. */
    String embeddingName();

    /** Name of the list of layers. */
    String layersName();

    /** Name of the output head, in adapters also where it is tied. */
    String headName();

    /** Whether the head shares the embedding's matrix. */
    boolean isTied();

    /** Attention without weights: one for all layers. */
    SelfAttention attention(Kernels kernels);

    /**
     * One layer.
     *
     * @param modules the names below the layer's own
     */
    Transformer.Layer layer(ModuleLoader modules, SelfAttention attention);

    /** The norm after the last layer. */
    Norm finalNorm(ModuleLoader modules);

    /**
     * The whole model.
     *
     * @throws dev.cairn.CairnException when a tensor is missing or has another shape
     */
    default CausalLm assemble(Weights source, Kernels kernels) {
        List<Parameter> parameters = new ArrayList<>();
        ModuleLoader modules = new ModuleLoader(MappedWeights.recorded(source, parameters), "");
        ModelConfig config = config();
        SelfAttention attention = attention(kernels);
        Embedding embedding =
                modules.embedding(embeddingName(), config.vocabSize(), config.hiddenSize());
        List<Transformer.Layer> layers = new ArrayList<>();
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            layers.add(layer(modules.at(layersName()).at(Integer.toString(i)), attention));
        }
        Norm finalNorm = finalNorm(modules);
        Linear head =
                isTied()
                        ? modules.tiedHead(headName(), embedding)
                        : modules.head(headName(), config.vocabSize(), config.hiddenSize());
        return new Transformer(
                config,
                kernels,
                attention.shape(),
                embedding,
                layers,
                finalNorm,
                head,
                List.copyOf(parameters),
                new BufferPool());
    }
}
