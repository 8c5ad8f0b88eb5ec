package dev.cairn.model.gguf;

import dev.cairn.format.Gguf;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.config.Rope;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gemma 3. GGUF stores the gains of norms with the one already added, and leaves out what is the
 * same in all published models: which layers are global, the local rotary base, and the scale of
 * the scores (ggml-org/llama.cpp, {@code src/models/gemma3.cpp}).
 */
final class Gemma3Gguf implements GgufFamily {
    private static final String LOCAL = "sliding_attention";
    private static final String GLOBAL = "full_attention";
    private static final int LAYERS_PER_GLOBAL = 6;
    private static final double LOCAL_BASE = 10000;
    private static final String PATTERN = "attention.sliding_window_pattern";

    /** The text model of one that also reads images has it, and does not need it. */
    private static final String IMAGE_TOKENS = "mm.tokens_per_image";

    /** The largest model, with 62 layers, has another scale than the others. */
    private static final int LAYERS_OF_27B = 62;

    private static final GgufNames NAMES =
            GgufNames.ofLlama(
                    Map.of(
                            "post_attention_layernorm", "post_attention_norm",
                            "pre_feedforward_layernorm", "ffn_norm",
                            "post_feedforward_layernorm", "post_ffw_norm"));

    @Override
    public String architecture() {
        return "gemma3";
    }

    @Override
    public String modelType() {
        return "gemma3_text";
    }

    @Override
    public String className() {
        return "Gemma3ForCausalLM";
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
    public @Nullable AxisSwap order(GgufHeads heads, String tensor) {
        return null;
    }

    @Override
    public float addedByGguf(String tensor) {
        return tensor.endsWith("norm.weight") ? 1 : 0;
    }

    /**
     * @throws dev.cairn.CairnException when llama.cpp would compute with other settings than the
     *     config's
     */
    @Override
    public void describe(ConfigJson config, GgufMetadata metadata) {
        GgufHeads heads = GgufHeads.of(config);
        int layers = config.positive("num_hidden_layers");
        checkScale(config, scalar(layers, config.positive("hidden_size"), heads));
        checkLayers(config, layers);
        Rope local = Rope.ofLayers(config, LOCAL, "rope_local_base_freq", LOCAL_BASE, null);
        config.expect(LOCAL + ".rope_theta", Double.toString(local.theta()), "10000.0");
        Rope global = Rope.ofLayers(config, GLOBAL, "rope_theta", 1e6, "rope_scaling");
        metadata.whole("attention.head_count_kv", heads.kvHeads());
        metadata.whole("attention.key_length", heads.headDim());
        metadata.whole("attention.value_length", heads.headDim());
        metadata.number("attention.layer_norm_rms_epsilon", config.number("rms_norm_eps", 1e-6));
        metadata.whole("attention.sliding_window", config.positive("sliding_window"));
        metadata.number("rope.freq_base", global.theta());
        RopeKeys.describe(config, global, metadata);
    }

    private static void checkScale(ConfigJson config, int expected) {
        if (config.number("query_pre_attn_scalar", 256) != expected) {
            throw config.wrong(
                    "query_pre_attn_scalar", "%s, as llama.cpp computes".formatted(expected));
        }
    }

    private static void checkLayers(ConfigJson config, int layers) {
        List<String> usual =
                IntStream.rangeClosed(1, layers)
                        .mapToObj(i -> i % LAYERS_PER_GLOBAL == 0 ? GLOBAL : LOCAL)
                        .toList();
        boolean isUsual =
                config.has("layer_types")
                        ? config.texts("layer_types").equals(usual)
                        : config.positive("sliding_window_pattern", LAYERS_PER_GLOBAL)
                                == LAYERS_PER_GLOBAL;
        if (!isUsual) {
            throw config.wrong(
                    config.has("layer_types") ? "layer_types" : "sliding_window_pattern",
                    "every sixth layer global and all others local, as llama.cpp computes");
        }
    }

    /** {@code query_pre_attn_scalar}, a whole number: its root divides the scores. */
    private static int scalar(int layers, int hidden, GgufHeads heads) {
        return layers == LAYERS_OF_27B ? hidden / heads.heads() : heads.headDim();
    }

    @Override
    public void configure(GgufKeys keys, Gguf file, ObjectNode config) {
        GgufHeads heads = GgufHeads.of(keys);
        int layers = keys.positive("block_count");
        for (String key : List.of("final_logit_softcapping", "attn_logit_softcapping")) {
            if (keys.number(key, 0) != 0) {
                throw keys.wrong(key, "0, found " + keys.number(key, 0));
            }
        }
        config.put("num_key_value_heads", heads.kvHeads())
                .put("head_dim", heads.headDim())
                .put("hidden_activation", "gelu_pytorch_tanh")
                .put("rms_norm_eps", keys.above0("attention.layer_norm_rms_epsilon"))
                .put(
                        "query_pre_attn_scalar",
                        scalar(layers, keys.positive("embedding_length"), heads))
                .put("attention_bias", file.names().contains("blk.0.attn_q.bias"))
                .put("rope_theta", globalBase(keys))
                .put("rope_local_base_freq", localBase(keys));
        RopeKeys.configure(keys, config);
        keys.ignore(List.of(IMAGE_TOKENS));
        putLayers(keys, layers, config);
    }

    /** The converters of llama.cpp and of Ollama have different keys. */
    private static double globalBase(GgufKeys keys) {
        return keys.above0("rope.freq_base", keys.above0("rope.global.freq_base", LOCAL_BASE));
    }

    private static double localBase(GgufKeys keys) {
        return keys.above0("rope.freq_base_swa", keys.above0("rope.local.freq_base", LOCAL_BASE));
    }

    /** Without a window all layers are global. */
    private static void putLayers(GgufKeys keys, int layers, ObjectNode config) {
        boolean hasWindow = keys.has("attention.sliding_window");
        if (hasWindow) {
            config.put("sliding_window", keys.positive("attention.sliding_window"));
        }
        ArrayNode types = config.putArray("layer_types");
        areLocal(keys, layers).forEach(isLocal -> types.add(hasWindow && isLocal ? LOCAL : GLOBAL));
    }

    /** Whether each layer is local: listed, as by Ollama's converter, or all but every nth. */
    private static List<Boolean> areLocal(GgufKeys keys, int layers) {
        if (!keys.isList(PATTERN)) {
            int interval = keys.positive(PATTERN, LAYERS_PER_GLOBAL);
            return IntStream.rangeClosed(1, layers).mapToObj(i -> i % interval != 0).toList();
        }
        List<Boolean> listed = keys.flags(PATTERN);
        if (listed.size() != layers) {
            throw keys.wrong(
                    PATTERN,
                    "one for each of %d layers, found %d".formatted(layers, listed.size()));
        }
        return listed;
    }
}
