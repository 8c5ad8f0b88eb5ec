package dev.cairn.model.gguf;

import dev.cairn.CairnException;
import dev.cairn.format.Gguf;
import dev.cairn.model.config.ConfigJson;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/** SmolLM3: Llama, with every fourth layer without rotary embedding; the file does not say so. */
record SmolLm3Gguf(LlamaGguf llama) implements LlamaGguf.Variant {
    /** {@code n_no_rope_layer_step} in llama.cpp, which knows no other. */
    private static final int INTERVAL = 4;

    SmolLm3Gguf() {
        this(new LlamaGguf("smollm3", "SmolLM3ForCausalLM"));
    }

    /**
     * @throws CairnException when other layers have the rotary embedding than in llama.cpp
     */
    @Override
    public void describe(ConfigJson config, GgufMetadata metadata) {
        int layers = config.positive("num_hidden_layers");
        List<Integer> usual =
                IntStream.rangeClosed(1, layers).mapToObj(i -> i % INTERVAL == 0 ? 0 : 1).toList();
        boolean isUsual =
                config.has("no_rope_layers")
                        ? config.wholes("no_rope_layers").equals(usual)
                        : config.positive("no_rope_layer_interval", INTERVAL) == INTERVAL;
        if (!isUsual) {
            throw config.wrong(
                    config.has("no_rope_layers") ? "no_rope_layers" : "no_rope_layer_interval",
                    "rotary embedding on all layers but every fourth, as llama.cpp computes");
        }
        llama.describe(config, metadata);
    }

    @Override
    public void configure(GgufKeys keys, Gguf file, ObjectNode config) {
        llama.configure(keys, file, config);
        config.put("no_rope_layer_interval", INTERVAL);
    }
}
