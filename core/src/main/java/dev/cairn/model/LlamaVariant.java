package dev.cairn.model;

/**
 * In what the families after Llama's plan differ from each other.
 *
 * @param queryKeyValueBias whether the projections of queries, keys and values have a bias
 * @param outputBias whether the projection out of attention has one
 * @param mlpBias whether the feed-forward layers have one
 * @param headNorms whether queries and keys are normalised head by head
 */
record LlamaVariant(
        boolean queryKeyValueBias, boolean outputBias, boolean mlpBias, boolean headNorms) {

    /** Llama 1 to 3, and SmolLM and SmolLM2, which call themselves Llama. */
    static LlamaVariant llama(ConfigJson json) {
        boolean bias = json.flag("attention_bias", false);
        return new LlamaVariant(bias, bias, json.flag("mlp_bias", false), false);
    }

    /** Qwen2 and Qwen2.5 (Qwen team 2024): biases, but not on the way out of attention. */
    static LlamaVariant qwen2(ConfigJson json) {
        checkQwen(json);
        return new LlamaVariant(true, false, false, false);
    }

    /** Qwen3 (Qwen team 2025): no biases, normalised queries and keys. */
    static LlamaVariant qwen3(ConfigJson json) {
        checkQwen(json);
        boolean bias = json.flag("attention_bias", false);
        return new LlamaVariant(bias, bias, false, true);
    }

    /** Attention to the latest tokens alone is in these configs, but off in all that are known. */
    private static void checkQwen(ConfigJson json) {
        boolean isOn = json.flag("use_sliding_window", false);
        json.expect("use_sliding_window", Boolean.toString(isOn), "false");
        // Their own default is 32, which a missing key would silently mean.
        json.positive("num_key_value_heads");
    }
}
