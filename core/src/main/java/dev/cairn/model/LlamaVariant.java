package dev.cairn.model;

import dev.cairn.model.config.ConfigJson;

/**
 * What differs between the families that follow Llama's design.
 *
 * @param queryKeyValueBias whether the projections of queries, keys and values have a bias
 * @param outputBias whether the output projection of attention has a bias
 * @param mlpBias whether the feed-forward layers have a bias
 * @param headNorms whether queries and keys are normalised head by head
 */
record LlamaVariant(
        boolean queryKeyValueBias, boolean outputBias, boolean mlpBias, boolean headNorms) {

    /**
     * Llama 1 to 3, SmolLM and SmolLM2, whose {@code model_type} is also {@code llama}, and those
     * that add something of their own: SmolLM3 and Granite.
     */
    static LlamaVariant llama(ConfigJson json) {
        boolean bias = json.flag("attention_bias", false);
        return new LlamaVariant(bias, bias, json.flag("mlp_bias", false), false);
    }

    /**
     * Qwen2 and Qwen2.5 (Qwen team 2024): biases on queries, keys and values, but not on the output
     * projection.
     */
    static LlamaVariant qwen2(ConfigJson json) {
        checkQwen(json);
        return new LlamaVariant(true, false, false, false);
    }

    /** Qwen3 (Qwen team 2025): no biases by default, and normalised queries and keys. */
    static LlamaVariant qwen3(ConfigJson json) {
        checkQwen(json);
        boolean bias = json.flag("attention_bias", false);
        return new LlamaVariant(bias, bias, false, true);
    }

    /**
     * Rejects sliding-window attention, which these configs can declare but no known model uses.
     */
    static void refuseWindow(ConfigJson json) {
        boolean isOn = json.flag("use_sliding_window", false);
        json.expect("use_sliding_window", Boolean.toString(isOn), "false");
    }

    private static void checkQwen(ConfigJson json) {
        refuseWindow(json);
        // Required here: transformers would silently take 32 when the key is missing.
        json.positive("num_key_value_heads");
    }
}
