package dev.cairn.model;

import dev.cairn.config.TargetModules;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.weights.MappedWeights;
import dev.cairn.model.weights.Weights;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Models of all architectures, small and with sizes that are no powers of two. */
public final class TinyModels {
    public static final int VOCABULARY = 11;

    private TinyModels() {}

    /** Three heads of eight values: rotary_pct 0.25, 0.5 and 1 turn 2, 4 and 8 of them. */
    public static ObjectNode neoxConfig(boolean parallel, double rotaryPct, boolean tied) {
        return common("gpt_neox", tied)
                .put("hidden_size", 24)
                .put("num_attention_heads", 3)
                .put("intermediate_size", 37)
                .put("use_parallel_residual", parallel)
                .put("rotary_pct", rotaryPct)
                .put("layer_norm_eps", 1e-5);
    }

    /** Six query heads share two key heads; head_dim times heads is not the hidden size. */
    public static ObjectNode llamaConfig(boolean tied) {
        return common("llama", tied)
                .put("hidden_size", 15)
                .put("num_attention_heads", 6)
                .put("num_key_value_heads", 2)
                .put("head_dim", 6)
                .put("intermediate_size", 19)
                .put("rms_norm_eps", 1e-5);
    }

    /** The tied Llama's sizes, as a Qwen of generation 2 or 3. */
    public static ObjectNode qwenConfig(String modelType) {
        return llamaConfig(true).put("model_type", modelType);
    }

    /** A local layer, whose window is shorter than any test's sequence, and a global one. */
    public static ObjectNode gemma3Config() {
        ObjectNode config =
                llamaConfig(true)
                        .put("model_type", "gemma3_text")
                        .put("query_pre_attn_scalar", 9)
                        .put("sliding_window", 3)
                        .put("sliding_window_pattern", 2)
                        .put("rope_theta", 1e6);
        config.putObject("rope_scaling").put("rope_type", "linear").put("factor", 4);
        return config;
    }

    /** A layer with the rotary embedding and one without. */
    public static ObjectNode smolLm3Config() {
        return llamaConfig(true).put("model_type", "smollm3").put("no_rope_layer_interval", 2);
    }

    /** With Granite's four constants. */
    public static ObjectNode graniteConfig() {
        return llamaConfig(false)
                .put("model_type", "granite")
                .put("embedding_multiplier", 3)
                .put("attention_multiplier", 0.3)
                .put("residual_multiplier", 0.4)
                .put("logits_scaling", 1.5);
    }

    /** A dense Granite 4, with or without the rotary embedding. */
    public static ObjectNode granite4Config(String positions) {
        ObjectNode config =
                graniteConfig()
                        .put("model_type", "granitemoehybrid")
                        .put("num_local_experts", 0)
                        .put("shared_intermediate_size", 13)
                        .put("position_embedding_type", positions);
        config.putArray("layer_types").add("attention").add("attention");
        return config;
    }

    /**
     * One of each kind of layer as it is met most: parallel NeoX with its own head, tied Llama, and
     * what adds to it.
     */
    public static ObjectNode config(String modelType) {
        return switch (modelType) {
            case "llama" -> llamaConfig(true);
            case "gemma3_text" -> gemma3Config();
            case "smollm3" -> smolLm3Config();
            case "granitemoehybrid" -> granite4Config("rope");
            default -> neoxConfig(true, 0.25, false);
        };
    }

    private static ObjectNode common(String type, boolean tied) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("model_type", type)
                .put("vocab_size", VOCABULARY)
                .put("num_hidden_layers", 2)
                .put("max_position_embeddings", 16)
                .put("tie_word_embeddings", tied);
    }

    /** A model all of whose weights have gradients. */
    public static CausalLm trained(ObjectNode config, Kernels kernels) {
        return build(
                config, MappedWeights.trainable(new RandomWeights(kernels, 7), kernels), kernels);
    }

    /** The same model frozen, to train an adapter on. */
    public static CausalLm frozen(ObjectNode config, Kernels kernels) {
        return build(config, new RandomWeights(kernels, 7), kernels);
    }

    public static CausalLm build(ObjectNode config, Weights weights, Kernels kernels) {
        ConfigJson json = ConfigJson.of(Path.of("config.json"), config);
        return Models.build(json, weights, kernels);
    }

    /** An adapter in the middle of training: B is not zero, so that A has a gradient too. */
    public static LoraAdapter adapter(CausalLm model, double dropout, boolean useRslora) {
        PeftConfig config =
                new PeftConfig(
                        "tiny",
                        null,
                        3,
                        5,
                        dropout,
                        new TargetModules.AllLinear(),
                        useRslora,
                        Map.of(),
                        Map.of());
        LoraAdapter adapter = LoraAdapter.fresh(model, config, 3);
        SplittableRandom random = new SplittableRandom(4);
        for (Linear linear : model.linears()) {
            LoraPair pair = Objects.requireNonNull(adapter.pair(linear.name()));
            RandomWeights.fill(pair.b().value(), random, 0, 0.3);
        }
        return adapter;
    }
}
