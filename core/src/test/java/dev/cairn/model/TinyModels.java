package dev.cairn.model;

import dev.cairn.model.config.ConfigJson;
import dev.cairn.config.TargetModules;
import dev.cairn.model.weights.MappedWeights;
import dev.cairn.model.weights.Weights;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Models of both architectures, small and with sizes that are no powers of two. */
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

    /** One of each architecture as it is met most: parallel NeoX with its own head, tied Llama. */
    public static ObjectNode config(String modelType) {
        return modelType.equals("llama") ? llamaConfig(true) : neoxConfig(true, 0.25, false);
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
