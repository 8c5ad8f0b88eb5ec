package dev.cairn.model;

import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.config.Rope;
import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.kernel.Kernels;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code config.json} of Llama and the families that follow its design, and the names of their
 * tensors.
 *
 * @param variant what differs between the families
 * @param eps epsilon of the norms
 */
record LlamaConfig(
        ModelConfig config,
        LlamaVariant variant,
        Shape shape,
        Rope rope,
        int intermediateSize,
        boolean isTied,
        double eps)
        implements Architecture {

    /**
     * @throws dev.cairn.CairnException if a value is missing, invalid or not supported; names file
     *     and key
     */
    static LlamaConfig read(ConfigJson json, LlamaVariant variant) {
        return read(json, variant, 10000);
    }

    /**
     * Reads a file of a family with another base of the rotary frequencies.
     *
     * @param defaultTheta the base where the file names none
     */
    static LlamaConfig read(ConfigJson json, LlamaVariant variant, double defaultTheta) {
        ModelConfig config = ModelConfig.read(json);
        json.expect("hidden_act", json.text("hidden_act", "silu"), "silu");
        int heads = json.positive("num_attention_heads");
        int kvHeads = json.positive("num_key_value_heads", heads);
        if (heads % kvHeads != 0) {
            throw json.wrong("num_key_value_heads", "a divisor of num_attention_heads " + heads);
        }
        int headDim = headDim(json, config.hiddenSize(), heads);
        Rope rope = Rope.read(json, "rope_theta", defaultTheta, "partial_rotary_factor", 1);
        json.expect("partial_rotary_factor", Double.toString(rope.share()), "1.0");
        return new LlamaConfig(
                config,
                variant,
                new Shape(heads, kvHeads, headDim),
                rope,
                json.positive("intermediate_size"),
                json.flag("tie_word_embeddings", false),
                json.number("rms_norm_eps", 1e-6));
    }

    /** An architecture that is Llama but for some settings. */
    interface Variant extends Architecture {
        LlamaConfig llama();

        @Override
        default ModelConfig config() {
            return llama().config();
        }

        @Override
        default String embeddingName() {
            return llama().embeddingName();
        }

        @Override
        default String layersName() {
            return llama().layersName();
        }

        @Override
        default String headName() {
            return llama().headName();
        }
    }

    private static int headDim(ConfigJson json, int hidden, int heads) {
        if (!json.has("head_dim") && hidden % heads != 0) {
            throw json.wrong("num_attention_heads", "a divisor of hidden_size " + hidden);
        }
        int headDim = json.positive("head_dim", hidden / heads);
        if (headDim % 2 != 0) {
            throw json.wrong("head_dim", "an even number");
        }
        return headDim;
    }

    @Override
    public String embeddingName() {
        return "model.embed_tokens";
    }

    @Override
    public String layersName() {
        return "model.layers";
    }

    @Override
    public String headName() {
        return "lm_head";
    }

    @Override
    public List<SelfAttention> attention(Kernels kernels) {
        SelfAttention one = new SelfAttention(shape, rotary(kernels));
        return Collections.nCopies(config.numHiddenLayers(), one);
    }

    Rotary rotary(Kernels kernels) {
        return new Rotary(kernels, rope, shape.headDim());
    }

    @Override
    public Llama layer(ModuleLoader modules, SelfAttention attention) {
        return new Llama(
                norm(modules, "input_layernorm"),
                attention(modules.at("self_attn"), attention),
                norm(modules, "post_attention_layernorm"),
                mlp(modules.at("mlp")),
                1);
    }

    /** One of a layer's norms. */
    Norm.Rms norm(ModuleLoader modules, String name) {
        return modules.rmsNorm(name, config.hiddenSize(), eps);
    }

    /** The attention half of a layer. */
    GroupedAttention attention(ModuleLoader modules, SelfAttention attention) {
        int hidden = config.hiddenSize();
        int queries = shape.heads() * shape.headDim();
        int keys = shape.kvHeads() * shape.headDim();
        boolean bias = variant.queryKeyValueBias();
        return new GroupedAttention(
                attention,
                modules.linear("q_proj", queries, hidden, bias),
                modules.linear("k_proj", keys, hidden, bias),
                modules.linear("v_proj", keys, hidden, bias),
                headNorm(modules, "q_norm"),
                headNorm(modules, "k_norm"),
                modules.linear("o_proj", hidden, queries, variant.outputBias()));
    }

    private @Nullable HeadNorm headNorm(ModuleLoader modules, String name) {
        int headDim = shape.headDim();
        return variant.headNorms()
                ? new HeadNorm(modules.rmsNorm(name, headDim, eps), headDim)
                : null;
    }

    /** The feed-forward half of a layer. */
    GatedMlp mlp(ModuleLoader modules) {
        int hidden = config.hiddenSize();
        boolean bias = variant.mlpBias();
        return new GatedMlp(
                List.of(
                        modules.linear("gate_proj", intermediateSize, hidden, bias),
                        modules.linear("up_proj", intermediateSize, hidden, bias)),
                modules.linear("down_proj", hidden, intermediateSize, bias),
                GatedMlp.Gate.SILU);
    }

    @Override
    public Norm finalNorm(ModuleLoader modules) {
        return modules.rmsNorm("model.norm", config.hiddenSize(), eps);
    }
}
