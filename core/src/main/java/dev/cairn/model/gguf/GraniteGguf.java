package dev.cairn.model.gguf;

import dev.cairn.format.Gguf;
import dev.cairn.model.config.ConfigJson;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Granite 3, and Granite 4 without experts and Mamba layers, which llama.cpp's converter writes as
 * the same architecture: Llama with four constants.
 */
record GraniteGguf(LlamaGguf llama) implements LlamaGguf.Variant {
    private static final String LOGITS = "logit_scale";

    /** The constants' names in config.json and in GGUF. */
    private static final Map<String, String> CONSTANTS =
            Map.of(
                    "embedding_multiplier", "embedding_scale",
                    "residual_multiplier", "residual_scale",
                    "logits_scaling", LOGITS);

    private static final String SCORES = "attention.scale";

    /** llama.cpp's switch for rotation in this architecture, despite its name. */
    private static final String TURNS = "rope.scaling.finetuned";

    /**
     * The dense Granite 4 is published as a hybrid model without Mamba layers, and llama.cpp's
     * converter writes the sizes that those would have. Its feed-forward layers were those that
     * experts would share.
     */
    private static final List<String> OF_HYBRIDS =
            List.of(
                    "ssm.conv_kernel",
                    "ssm.state_size",
                    "ssm.group_count",
                    "ssm.inner_size",
                    "ssm.time_step_rank",
                    "expert_shared_feed_forward_length");

    GraniteGguf() {
        this(new LlamaGguf("granite", "GraniteForCausalLM"));
    }

    @Override
    public void describe(ConfigJson config, GgufMetadata metadata) {
        llama.describe(config, metadata);
        CONSTANTS.forEach((ours, theirs) -> metadata.number(theirs, config.number(ours, 1)));
        metadata.number(SCORES, config.number("attention_multiplier", 1));
    }

    @Override
    public void configure(GgufKeys keys, Gguf file, ObjectNode config) {
        if (!keys.flag(TURNS, true)) {
            throw keys.wrong(TURNS, "true, found false: a model without rotary embedding");
        }
        keys.expectNone("expert_count");
        keys.expectNone("expert_used_count");
        keys.ignore(OF_HYBRIDS);
        llama.configure(keys, file, config);
        // llama.cpp, too, reads no file without it.
        keys.above0(LOGITS);
        CONSTANTS.forEach((ours, theirs) -> config.put(ours, keys.above0(theirs, 1)));
        double usual = 1 / Math.sqrt(GgufHeads.of(keys).headDim());
        config.put("attention_multiplier", keys.above0(SCORES, usual));
    }
}
