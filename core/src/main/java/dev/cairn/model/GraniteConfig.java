package dev.cairn.model;

import dev.cairn.model.config.ConfigJson;
import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.kernel.Kernels;
import java.util.Collections;
import java.util.List;

/**
 * The {@code config.json} of IBM's Granite 3 and of the dense Granite 4: Llama, with four constants
 * that scale the embedding, the scores of attention, each half of a layer and the logits.
 *
 * @param sharedSize width of Granite 4's feed-forward layers, which compute gate and up in one; 0
 *     in Granite 3, which has Llama's
 * @param isTurned whether the layers have the rotary embedding
 */
record GraniteConfig(
        LlamaConfig llama,
        double embeddingMultiplier,
        double attentionMultiplier,
        double residualMultiplier,
        double logitsScaling,
        int sharedSize,
        boolean isTurned)
        implements LlamaConfig.Variant {

    /**
     * Granite 3.
     *
     * @throws dev.cairn.CairnException if a value is missing, invalid or not supported; names file
     *     and key
     */
    static GraniteConfig granite(ConfigJson json) {
        return read(json, 0, true);
    }

    /**
     * Granite 4 without experts and without Mamba layers.
     *
     * @throws dev.cairn.CairnException as {@link #granite}
     */
    static GraniteConfig granite4(ConfigJson json) {
        json.expect("num_local_experts", json.value("num_local_experts"), "0");
        List<String> types = json.texts("layer_types");
        int layers = json.positive("num_hidden_layers");
        if (types.size() != layers) {
            throw json.wrong("layer_types", "a type for each of %d layers".formatted(layers));
        }
        types.forEach(type -> json.expect("layer_types", type, "attention", "full_attention"));
        String positions = json.text("position_embedding_type", "nope");
        json.expect("position_embedding_type", positions, "rope", "nope");
        return read(json, json.positive("shared_intermediate_size"), positions.equals("rope"));
    }

    private static GraniteConfig read(ConfigJson json, int sharedSize, boolean isTurned) {
        return new GraniteConfig(
                LlamaConfig.read(json, LlamaVariant.llama(json)),
                multiplier(json, "embedding_multiplier"),
                multiplier(json, "attention_multiplier"),
                multiplier(json, "residual_multiplier"),
                multiplier(json, "logits_scaling"),
                sharedSize,
                isTurned);
    }

    private static double multiplier(ConfigJson json, String key) {
        double value = json.number(key, 1);
        if (!(value > 0)) {
            throw json.wrong(key, "a number above 0");
        }
        return value;
    }

    @Override
    public List<SelfAttention> attention(Kernels kernels) {
        Shape heads = llama.shape();
        Shape shape =
                new Shape(
                        heads.heads(),
                        heads.kvHeads(),
                        heads.headDim(),
                        attentionMultiplier,
                        Shape.NO_WINDOW);
        SelfAttention one = new SelfAttention(shape, isTurned ? llama.rotary(kernels) : null);
        return Collections.nCopies(config().numHiddenLayers(), one);
    }

    @Override
    public Llama layer(ModuleLoader modules, SelfAttention attention) {
        return new Llama(
                llama.norm(modules, "input_layernorm"),
                llama.attention(modules.at("self_attn"), attention),
                llama.norm(modules, "post_attention_layernorm"),
                sharedSize == 0
                        ? llama.mlp(modules.at("mlp"))
                        : sharedMlp(modules.at("shared_mlp")),
                residualMultiplier);
    }

    private GatedMlp sharedMlp(ModuleLoader modules) {
        int hidden = config().hiddenSize();
        return new GatedMlp(
                List.of(modules.linear("input_linear", 2 * sharedSize, hidden, false)),
                modules.linear("output_linear", hidden, sharedSize, false),
                GatedMlp.Gate.SILU);
    }

    /** The logits are linear in the last hidden state, so that dividing it divides them. */
    @Override
    public Norm finalNorm(ModuleLoader modules) {
        return new Norm.Scaled(llama.finalNorm(modules), 1 / logitsScaling);
    }

    @Override
    public double embeddingScale() {
        return embeddingMultiplier;
    }

    @Override
    public boolean isTied() {
        return llama.isTied();
    }
}
