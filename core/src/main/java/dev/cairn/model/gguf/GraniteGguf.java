package dev.cairn.model.gguf;

import dev.cairn.format.Gguf;
import dev.cairn.model.config.ConfigJson;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Granite 3, and Granite 4 without experts and Mamba layers, which llama.cpp's converter writes as
 * the same architecture: Llama with four constants.
 */
record GraniteGguf(LlamaGguf llama) implements LlamaGguf.Variant {
    /** The constants' names in config.json and in GGUF. */
    private static final Map<String, String> CONSTANTS =
            Map.of(
                    "embedding_multiplier", "embedding_scale",
                    "residual_multiplier", "residual_scale",
                    "logits_scaling", "logit_scale");

    private static final String SCORES = "attention.scale";

    /** llama.cpp's switch for rotation in this architecture, despite its name. */
    private static final String TURNS = "rope.scaling.finetuned";

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
        llama.configure(keys, file, config);
        CONSTANTS.forEach((ours, theirs) -> config.put(ours, keys.number(theirs, 1)));
        double usual = 1 / Math.sqrt(GgufHeads.of(keys).headDim());
        config.put("attention_multiplier", keys.number(SCORES, usual));
    }
}
