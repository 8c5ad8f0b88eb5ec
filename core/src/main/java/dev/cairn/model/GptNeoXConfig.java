package dev.cairn.model;

import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.config.Rope;
import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.kernel.Kernels;
import java.util.Collections;
import java.util.List;

/**
 * GPT-NeoX's {@code config.json}, and the names of its tensors.
 *
 * @param rotaryDims how many values of each head are rotated
 * @param parallelResidual whether attention and feed-forward read the same input
 * @param attentionBias whether the attention projections have a bias
 * @param eps epsilon of the norms
 */
record GptNeoXConfig(
        ModelConfig config,
        Shape shape,
        Rope rope,
        int rotaryDims,
        int intermediateSize,
        boolean parallelResidual,
        boolean attentionBias,
        boolean isTied,
        double eps)
        implements Architecture {

    /**
     * @throws dev.cairn.CairnException if a value is missing, invalid or not supported; names file
     *     and key
     */
    static GptNeoXConfig read(ConfigJson json) {
        ModelConfig config = ModelConfig.read(json);
        boolean parallelResidual = json.flag("use_parallel_residual", true);
        json.expect("hidden_act", json.text("hidden_act", "gelu"), "gelu");
        int heads = json.positive("num_attention_heads");
        if (config.hiddenSize() % heads != 0) {
            throw json.wrong(
                    "num_attention_heads", "a divisor of hidden_size " + config.hiddenSize());
        }
        Shape shape = new Shape(heads, heads, config.hiddenSize() / heads);
        Rope rope = Rope.read(json, "rotary_emb_base", 10000, "rotary_pct", 0.25);
        return new GptNeoXConfig(
                config,
                shape,
                rope,
                rotaryDims(json, shape, rope),
                json.positive("intermediate_size"),
                parallelResidual,
                json.flag("attention_bias", true),
                json.flag("tie_word_embeddings", false),
                json.number("layer_norm_eps", 1e-5));
    }

    private static int rotaryDims(ConfigJson json, Shape shape, Rope rope) {
        int dims = (int) (shape.headDim() * rope.share());
        if (dims % 2 != 0) {
            throw json.wrong("rotary_pct", "an even number of rotary values per head");
        }
        return dims;
    }

    @Override
    public String embeddingName() {
        return "gpt_neox.embed_in";
    }

    @Override
    public String layersName() {
        return "gpt_neox.layers";
    }

    @Override
    public String headName() {
        return "embed_out";
    }

    @Override
    public List<SelfAttention> attention(Kernels kernels) {
        SelfAttention one = new SelfAttention(shape, new Rotary(kernels, rope, rotaryDims));
        return Collections.nCopies(config.numHiddenLayers(), one);
    }

    @Override
    public GptNeoX layer(ModuleLoader modules, SelfAttention attention) {
        int hidden = config.hiddenSize();
        return new GptNeoX(
                attention,
                parallelResidual,
                modules.layerNorm("input_layernorm", hidden, eps),
                modules.linear("attention.query_key_value", 3 * hidden, hidden, attentionBias),
                modules.linear("attention.dense", hidden, hidden, attentionBias),
                modules.layerNorm("post_attention_layernorm", hidden, eps),
                modules.linear("mlp.dense_h_to_4h", intermediateSize, hidden, true),
                modules.linear("mlp.dense_4h_to_h", hidden, intermediateSize, true));
    }

    @Override
    public Norm finalNorm(ModuleLoader modules) {
        return modules.layerNorm("gpt_neox.final_layer_norm", config.hiddenSize(), eps);
    }
}
