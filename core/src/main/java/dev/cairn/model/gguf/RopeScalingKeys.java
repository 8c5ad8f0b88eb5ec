package dev.cairn.model.gguf;

import dev.cairn.model.config.Rope;
import tools.jackson.databind.node.ObjectNode;

/** Linear scaling of rotary frequencies, the one that GGUF keeps in its metadata. */
final class RopeScalingKeys {
    private static final String TYPE = "rope.scaling.type";
    private static final String FACTOR = "rope.scaling.factor";
    private static final String OLDER_FACTOR = "rope.scale_linear";
    private static final String NONE = "none";
    private static final String LINEAR = "linear";

    private RopeScalingKeys() {}

    static void describe(Rope rope, GgufMetadata metadata) {
        if (rope.scaling() instanceof Rope.Linear(double factor)) {
            metadata.text(TYPE, LINEAR);
            metadata.number(FACTOR, factor);
        }
    }

    /**
     * Adds the scaling to a config.json, if there is one.
     *
     * @throws dev.cairn.CairnException when the file asks for another kind of scaling
     */
    static void configure(GgufKeys keys, ObjectNode config) {
        double factor = keys.number(FACTOR, keys.number(OLDER_FACTOR, 1));
        // As in llama.cpp, a factor alone is a linear one, and 0 or 1 scales nothing.
        String type = keys.text(TYPE, LINEAR);
        if (type.equals(NONE) || factor == 0 || factor == 1) {
            return;
        }
        if (!type.equals(LINEAR)) {
            throw keys.wrong(TYPE, "%s or %s, found '%s'".formatted(NONE, LINEAR, type));
        }
        config.putObject("rope_scaling").put("rope_type", LINEAR).put("factor", factor);
    }
}
