package dev.cairn.model.gguf;

import dev.cairn.format.Gguf;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.config.Rope;
import dev.cairn.model.config.RopeScaling;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The GPT-NeoX family. GGUF stores all queries, then all keys, then all values. */
record NeoxGguf() implements GgufFamily {
    private static final GgufNames NAMES =
            new GgufNames(
                    "gpt_neox.layers.",
                    Map.of(
                            "gpt_neox.embed_in", "token_embd",
                            "gpt_neox.final_layer_norm", "output_norm",
                            "embed_out", "output"),
                    Map.of(
                            "input_layernorm", "attn_norm",
                            "attention.query_key_value", "attn_qkv",
                            "attention.dense", "attn_output",
                            "post_attention_layernorm", "ffn_norm",
                            "mlp.dense_h_to_4h", "ffn_up",
                            "mlp.dense_4h_to_h", "ffn_down"));

    @Override
    public String architecture() {
        return "gptneox";
    }

    @Override
    public String modelType() {
        return "gpt_neox";
    }

    @Override
    public String className() {
        return "GPTNeoXForCausalLM";
    }

    @Override
    public GgufNames names() {
        return NAMES;
    }

    @Override
    public boolean needsHead() {
        return true;
    }

    @Override
    public void describe(ConfigJson config, GgufMetadata metadata) {
        // llama.cpp does not support GPT-NeoX without these biases.
        config.expect(
                "attention_bias", Boolean.toString(config.flag("attention_bias", true)), "true");
        Rope rope = Rope.read(config, "rotary_emb_base", 10000, "rotary_pct", 0.25);
        int headDim = GgufHeads.of(config).headDim();
        metadata.whole("rope.dimension_count", (int) (headDim * rope.share()));
        metadata.number("rope.freq_base", rope.theta());
        RopeKeys.describe(config, rope, metadata);
        if (rope.scaling() instanceof RopeScaling.Llama3) {
            throw config.wrong("rope_scaling", "another rope_type for GGUF of this family");
        }
        metadata.flag("use_parallel_residual", config.flag("use_parallel_residual", true));
        metadata.number("attention.layer_norm_epsilon", config.number("layer_norm_eps", 1e-5));
    }

    @Override
    public void configure(GgufKeys keys, Gguf file, ObjectNode config) {
        GgufHeads heads = GgufHeads.of(keys);
        if (heads.kvHeads() != heads.heads()) {
            throw keys.wrong("attention.head_count_kv", "as many as head_count");
        }
        int dims = keys.positive("rope.dimension_count", heads.headDim());
        if (dims > heads.headDim()) {
            throw keys.wrong("rope.dimension_count", "at most " + heads.headDim());
        }
        config.put("rotary_pct", share(dims, heads.headDim()))
                .put("rotary_emb_base", keys.above0("rope.freq_base", 10000))
                .put("hidden_act", "gelu")
                .put("use_parallel_residual", keys.flag("use_parallel_residual", true))
                .put("layer_norm_eps", keys.above0("attention.layer_norm_epsilon"));
        RopeKeys.configure(keys, config);
    }

    /** The share from which readers of config.json, which truncate, get {@code dims} back. */
    private static double share(int dims, int headDim) {
        double share = (double) dims / headDim;
        return (int) (headDim * share) == dims ? share : Math.nextUp(share);
    }

    @Override
    public @Nullable AxisSwap order(GgufHeads heads, String tensor) {
        return tensor.contains(".attn_qkv.")
                ? new AxisSwap(heads.heads(), 3, heads.headDim())
                : null;
    }
}
