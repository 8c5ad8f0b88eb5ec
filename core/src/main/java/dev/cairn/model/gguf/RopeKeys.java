package dev.cairn.model.gguf;

import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.config.Rope;
import dev.cairn.model.config.RopeScaling;
import tools.jackson.databind.node.ObjectNode;

/**
 * The scaling of rotary frequencies that GGUF has keys for: {@code linear} and {@code yarn} (Llama
 * 3's has a tensor instead, see {@link RopeFactors}).
 */
final class RopeKeys {
    private static final String TYPE = "rope.scaling.type";
    private static final String FACTOR = "rope.scaling.factor";
    private static final String ORIGINAL_CONTEXT = "rope.scaling.original_context_length";
    private static final String ATTENTION_FACTOR = "rope.scaling.attn_factor";

    private RopeKeys() {}

    /** Adds the settings of a config.json to the metadata. */
    static void describe(ConfigJson config, Rope rope, GgufMetadata metadata) {
        switch (rope.scaling()) {
            case null -> {}
            case RopeScaling.Llama3 scaling -> {}
            case RopeScaling.Linear scaling -> {
                metadata.text(TYPE, "linear");
                metadata.number(FACTOR, scaling.factor());
            }
            case RopeScaling.Yarn scaling -> {
                if (!scaling.isUsual()) {
                    throw config.wrong(
                            "rope_scaling",
                            "YaRN's usual attention_factor, beta_fast, beta_slow and truncate, which alone llama.cpp takes from a file");
                }
                metadata.text(TYPE, "yarn");
                metadata.number(FACTOR, scaling.factor());
                metadata.whole(ORIGINAL_CONTEXT, scaling.originalContext());
            }
        }
    }

    /** Adds the settings of a GGUF file to a config.json. */
    static void configure(GgufKeys keys, ObjectNode config) {
        double factor = keys.number(FACTOR, keys.number("rope.scale_linear", 1));
        // It only says that the model was trained with these settings.
        keys.flag("rope.scaling.finetuned", false);
        if (keys.number(ATTENTION_FACTOR, 1) != 1) {
            throw keys.wrong(ATTENTION_FACTOR, "1, found another factor");
        }
        // Without a type, llama.cpp takes the factor for a linear one.
        String type = keys.text(TYPE, "linear");
        ObjectNode scaling = config.objectNode().put("rope_type", type).put("factor", factor);
        switch (type) {
            case "none" -> {}
            case "linear" -> {
                if (factor != 0 && factor != 1) {
                    config.set("rope_scaling", scaling);
                }
            }
            case "yarn" ->
                    config.set(
                            "rope_scaling",
                            scaling.put(
                                    "original_max_position_embeddings",
                                    keys.positive(
                                            ORIGINAL_CONTEXT, keys.positive("context_length"))));
            default -> throw keys.wrong(TYPE, "none, linear or yarn, found " + type);
        }
    }
}
