package dev.cairn.model;

import dev.cairn.model.config.ConfigJson;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import java.util.stream.IntStream;

/**
 * SmolLM3's {@code config.json} (Hugging Face 2025): Llama, with layers that are not told the
 * positions of tokens.
 *
 * @param turns for each layer whether it has the rotary embedding
 * @param isTied whether the head shares the embedding's matrix; true when the file does not say
 */
record SmolLm3Config(LlamaConfig llama, List<Boolean> turns, boolean isTied)
        implements LlamaConfig.Variant {

    /**
     * @throws dev.cairn.CairnException if a value is missing, invalid or not supported; names file
     *     and key
     */
    static SmolLm3Config read(ConfigJson json) {
        LlamaVariant.refuseWindow(json);
        LlamaConfig llama = LlamaConfig.read(json, LlamaVariant.llama(json), 2e6);
        return new SmolLm3Config(
                llama,
                turns(json, llama.config().numHiddenLayers()),
                json.flag("tie_word_embeddings", true));
    }

    /** {@code no_rope_layers} has 1 where a layer turns, despite its name, and 0 where not. */
    private static List<Boolean> turns(ConfigJson json, int layers) {
        if (!json.has("no_rope_layers")) {
            int interval = json.positive("no_rope_layer_interval", 4);
            return IntStream.rangeClosed(1, layers).mapToObj(i -> i % interval != 0).toList();
        }
        List<Integer> list = json.wholes("no_rope_layers");
        if (list.size() < layers || !list.stream().allMatch(i -> i == 0 || i == 1)) {
            throw json.wrong("no_rope_layers", "0 or 1 for each of %d layers".formatted(layers));
        }
        return list.stream().limit(layers).map(i -> i == 1).toList();
    }

    @Override
    public List<SelfAttention> attention(Kernels kernels) {
        SelfAttention turning = new SelfAttention(llama.shape(), llama.rotary(kernels));
        SelfAttention still = new SelfAttention(llama.shape(), null);
        return turns.stream().map(turns -> turns ? turning : still).toList();
    }

    @Override
    public Llama layer(ModuleLoader modules, SelfAttention attention) {
        return llama.layer(modules, attention);
    }

    @Override
    public Norm finalNorm(ModuleLoader modules) {
        return llama.finalNorm(modules);
    }
}
