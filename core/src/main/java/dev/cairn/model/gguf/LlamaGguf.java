package dev.cairn.model.gguf;

import dev.cairn.format.Gguf;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.config.Rope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Llama family. In the heads of Llama, SmolLM3 and Granite GGUF rotates neighbours, like Meta's
 * own files, where Hugging Face rotates halves; Qwen's heads stay as they are.
 */
record LlamaGguf(String architecture, String className) implements GgufFamily {
    private static final String FACTORS = "rope_freqs.weight";
    private static final GgufNames NAMES =
            GgufNames.ofLlama(Map.of("post_attention_layernorm", "ffn_norm"));

    /** A family that is Llama but for some settings. */
    interface Variant extends GgufFamily {
        LlamaGguf llama();

        @Override
        default String architecture() {
            return llama().architecture();
        }

        @Override
        default String modelType() {
            return llama().modelType();
        }

        @Override
        default String className() {
            return llama().className();
        }

        @Override
        default GgufNames names() {
            return llama().names();
        }

        @Override
        default boolean needsHead() {
            return llama().needsHead();
        }

        @Override
        default @Nullable AxisSwap order(GgufHeads heads, String tensor) {
            return llama().order(heads, tensor);
        }
    }

    private boolean isQwen() {
        return architecture.startsWith("qwen");
    }

    @Override
    public String modelType() {
        return architecture;
    }

    @Override
    public GgufNames names() {
        return NAMES;
    }

    @Override
    public boolean needsHead() {
        return false;
    }

    @Override
    public void describe(ConfigJson config, GgufMetadata metadata) {
        GgufHeads heads = GgufHeads.of(config);
        metadata.whole("attention.head_count_kv", heads.kvHeads());
        metadata.whole("attention.key_length", heads.headDim());
        metadata.whole("attention.value_length", heads.headDim());
        metadata.number("attention.layer_norm_rms_epsilon", config.number("rms_norm_eps", 1e-6));
        metadata.whole("rope.dimension_count", heads.headDim());
        metadata.number("rope.freq_base", rope(config).theta());
        RopeKeys.describe(config, rope(config), metadata);
    }

    private Rope rope(ConfigJson config) {
        double usualTheta = architecture.equals("smollm3") ? 2e6 : 1e4;
        return Rope.read(config, "rope_theta", usualTheta, "partial_rotary_factor", 1);
    }

    @Override
    public List<Extra> extras(ConfigJson config) {
        float[] factors = RopeFactors.of(rope(config), GgufHeads.of(config).headDim());
        if (factors == null) {
            return List.of();
        }
        // llama.cpp ignores them for other architectures.
        config.expect("model_type with scaled rotary frequencies", architecture, "llama");
        return List.of(new Extra(FACTORS, factors));
    }

    @Override
    public boolean isExtra(String tensor) {
        return architecture.equals("llama") && tensor.equals(FACTORS);
    }

    @Override
    public void configure(GgufKeys keys, Gguf file, ObjectNode config) {
        GgufHeads heads = GgufHeads.of(keys);
        if (keys.positive("rope.dimension_count", heads.headDim()) != heads.headDim()) {
            throw keys.wrong("rope.dimension_count", "the size of a head, " + heads.headDim());
        }
        double theta = keys.above0("rope.freq_base", 10000);
        config.put("num_key_value_heads", heads.kvHeads())
                .put("head_dim", heads.headDim())
                .put("hidden_act", "silu")
                .put("rms_norm_eps", keys.above0("attention.layer_norm_rms_epsilon"))
                .put("rope_theta", theta);
        RopeKeys.configure(keys, config);
        if (!architecture.equals("qwen2")) {
            config.put("attention_bias", file.names().contains("blk.0.attn_q.bias"));
        }
        if (!isQwen()) {
            config.put("mlp_bias", file.names().contains("blk.0.ffn_up.bias"));
        }
        if (architecture.equals("llama") && file.names().contains(FACTORS)) {
            Gguf.Entry factors = file.entry(FACTORS).expectShape(heads.headDim() / 2);
            config.set("rope_scaling", RopeFactors.recover(factors, theta));
        }
    }

    @Override
    public @Nullable AxisSwap order(GgufHeads heads, String tensor) {
        return !isQwen() && (tensor.contains(".attn_q.") || tensor.contains(".attn_k."))
                ? new AxisSwap(2, heads.headDim() / 2, 1)
                : null;
    }
}
