package dev.cairn.model;

import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.config.Rope;
import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The {@code config.json} of Gemma 3's text models, and the names of their tensors. Most layers are
 * local: they see a window of the latest tokens, and turn them faster than the global layers do.
 *
 * @param local sizes of a local layer's attention; a global layer's has no window
 * @param isGlobal for each layer whether it is global
 * @param bias whether the projections of attention have a bias
 * @param eps epsilon of the norms
 */
record Gemma3Config(
        ModelConfig config,
        Shape local,
        List<Boolean> isGlobal,
        Rope localRope,
        Rope globalRope,
        int intermediateSize,
        boolean bias,
        boolean isTied,
        double eps)
        implements Architecture {
    private static final String LOCAL = "sliding_attention";
    private static final String GLOBAL = "full_attention";

    /** The defaults are those of transformers, since files need not repeat them. */
    private static final int HEAD_DIM = 256;

    private static final int LAYERS_PER_GLOBAL = 6;

    /**
     * @throws dev.cairn.CairnException if a value is missing, invalid or not supported; names file
     *     and key
     */
    static Gemma3Config read(ConfigJson json) {
        ModelConfig config = ModelConfig.read(json);
        checkOptions(json);
        int heads = json.positive("num_attention_heads");
        int kvHeads = json.positive("num_key_value_heads");
        if (heads % kvHeads != 0) {
            throw json.wrong("num_key_value_heads", "a divisor of num_attention_heads " + heads);
        }
        int headDim = json.positive("head_dim", HEAD_DIM);
        if (headDim % 2 != 0) {
            throw json.wrong("head_dim", "an even number");
        }
        double scalar = json.number("query_pre_attn_scalar", HEAD_DIM);
        if (!(scalar > 0)) {
            throw json.wrong("query_pre_attn_scalar", "a number above 0");
        }
        List<Boolean> isGlobal = isGlobal(json, config.numHiddenLayers());
        int window = isGlobal.contains(false) ? json.positive("sliding_window") : Shape.NO_WINDOW;
        return new Gemma3Config(
                config,
                new Shape(heads, kvHeads, headDim, 1 / Math.sqrt(scalar), window),
                isGlobal,
                Rope.ofLayers(json, LOCAL, "rope_local_base_freq", 1e4, null),
                Rope.ofLayers(json, GLOBAL, "rope_theta", 1e6, "rope_scaling"),
                json.positive("intermediate_size"),
                json.flag("attention_bias", false),
                json.flag("tie_word_embeddings", true),
                json.number("rms_norm_eps", 1e-6));
    }

    private static void checkOptions(ConfigJson json) {
        String activation = json.text("hidden_activation", "gelu_pytorch_tanh");
        json.expect("hidden_activation", activation, "gelu_pytorch_tanh");
        boolean isBidirectional = json.flag("use_bidirectional_attention", false);
        json.expect("use_bidirectional_attention", Boolean.toString(isBidirectional), "false");
        for (String key : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
            json.expect(key, json.value(key), "null");
        }
    }

    private static List<Boolean> isGlobal(ConfigJson json, int layers) {
        if (!json.has("layer_types")) {
            int pattern = json.positive("sliding_window_pattern", LAYERS_PER_GLOBAL);
            return IntStream.rangeClosed(1, layers).mapToObj(i -> i % pattern == 0).toList();
        }
        List<String> types = json.texts("layer_types");
        if (types.size() != layers) {
            throw json.wrong("layer_types", "a type for each of %d layers".formatted(layers));
        }
        types.forEach(type -> json.expect("layer_types", type, LOCAL, GLOBAL));
        return types.stream().map(GLOBAL::equals).toList();
    }

    @Override
    public List<SelfAttention> attention(Kernels kernels) {
        int headDim = local.headDim();
        Shape global =
                new Shape(local.heads(), local.kvHeads(), headDim, local.scale(), Shape.NO_WINDOW);
        SelfAttention near = new SelfAttention(local, new Rotary(kernels, localRope, headDim));
        SelfAttention far = new SelfAttention(global, new Rotary(kernels, globalRope, headDim));
        return isGlobal.stream().map(isFar -> isFar ? far : near).toList();
    }

    @Override
    public Gemma3 layer(ModuleLoader modules, SelfAttention attention) {
        return new Gemma3(
                norm(modules, "input_layernorm"),
                attention(modules.at("self_attn"), attention),
                norm(modules, "post_attention_layernorm"),
                norm(modules, "pre_feedforward_layernorm"),
                mlp(modules.at("mlp")),
                norm(modules, "post_feedforward_layernorm"));
    }

    private Norm norm(ModuleLoader modules, String name) {
        return modules.offsetRmsNorm(name, config.hiddenSize(), eps);
    }

    private GroupedAttention attention(ModuleLoader modules, SelfAttention attention) {
        int hidden = config.hiddenSize();
        int queries = local.heads() * local.headDim();
        int keys = local.kvHeads() * local.headDim();
        return new GroupedAttention(
                attention,
                modules.linear("q_proj", queries, hidden, bias),
                modules.linear("k_proj", keys, hidden, bias),
                modules.linear("v_proj", keys, hidden, bias),
                headNorm(modules, "q_norm"),
                headNorm(modules, "k_norm"),
                modules.linear("o_proj", hidden, queries, bias));
    }

    private HeadNorm headNorm(ModuleLoader modules, String name) {
        return new HeadNorm(modules.offsetRmsNorm(name, local.headDim(), eps), local.headDim());
    }

    private GatedMlp mlp(ModuleLoader modules) {
        int hidden = config.hiddenSize();
        return new GatedMlp(
                List.of(
                        modules.linear("gate_proj", intermediateSize, hidden, false),
                        modules.linear("up_proj", intermediateSize, hidden, false)),
                modules.linear("down_proj", hidden, intermediateSize, false),
                GatedMlp.Gate.GELU_TANH);
    }

    @Override
    public Norm finalNorm(ModuleLoader modules) {
        return norm(modules, "model.norm");
    }

    /** √hidden, rounded to float as in transformers and llama.cpp. */
    @Override
    public double embeddingScale() {
        return (float) Math.sqrt(config.hiddenSize());
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
}
