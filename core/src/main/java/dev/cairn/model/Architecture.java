package dev.cairn.model;

import dev.cairn.model.weights.MappedWeights;
import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.Weights;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * A model architecture: a validated configuration that knows how its tensors are named and how to
 * build a layer. {@link #assemble} builds what all architectures share.
 */
interface Architecture {
    ModelConfig config();

    /** Name of the embedding in the checkpoint. */
    String embeddingName();

    /** Name of the list of layers. */
    String layersName();

    /** Name of the output head; adapters use it even where the head is tied to the embedding. */
    String headName();

    /**
     * Whether the configuration says that the head shares the embedding's matrix. It does so unless
     * the files hold a head of their own.
     */
    boolean isTied();

    /** Factor of the embedding's vectors. */
    default double embeddingScale() {
        return 1;
    }

    /** The attention operation of each layer, without weights; layers share what they can. */
    List<SelfAttention> attention(Kernels kernels);

    /**
     * Builds one layer.
     *
     * @param modules loads the layer's modules by their names within the layer
     */
    Transformer.Layer layer(ModuleLoader modules, SelfAttention attention);

    /** The norm after the last layer. */
    Norm finalNorm(ModuleLoader modules);

    /**
     * Builds the whole model.
     *
     * @throws dev.cairn.CairnException when a tensor is missing or has another shape
     */
    default CausalLm assemble(Weights source, Kernels kernels) {
        List<Parameter> parameters = new ArrayList<>();
        ModuleLoader modules = new ModuleLoader(MappedWeights.recorded(source, parameters), "");
        ModelConfig config = config();
        List<SelfAttention> attention = attention(kernels);
        Embedding embedding =
                modules.embedding(
                        embeddingName(), config.vocabSize(), config.hiddenSize(), embeddingScale());
        List<Transformer.Layer> layers = new ArrayList<>();
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            ModuleLoader own = modules.at(layersName()).at(Integer.toString(i));
            layers.add(layer(own, attention.get(i)));
        }
        Norm finalNorm = finalNorm(modules);
        Linear head =
                isTied() && !modules.holds(headName())
                        ? modules.tiedHead(headName(), embedding)
                        : modules.head(headName(), config.vocabSize(), config.hiddenSize());
        return new Transformer(
                this,
                config,
                kernels,
                attention.getFirst().shape(),
                embedding,
                layers,
                finalNorm,
                head,
                List.copyOf(parameters),
                new BufferPool());
    }
}
