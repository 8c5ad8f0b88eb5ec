package dev.cairn.model.gguf;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names of an architecture's modules in Hugging Face's files and in GGUF (ggml-org/llama.cpp,
 * {@code gguf-py}, {@code tensor_mapping.py}).
 *
 * @param layerPrefix the text before a layer's number, such as {@code model.layers.}
 * @param modules modules outside the layers, Hugging Face's name first
 * @param layerModules modules of a layer
 */
public record GgufNames(
        String layerPrefix, Map<String, String> modules, Map<String, String> layerModules) {
    private static final String GGUF_LAYER_PREFIX = "blk.";

    /** What the layers of Llama and of the models made after it have in common. */
    private static final Map<String, String> LLAMA_LAYER =
            Map.of(
                    "input_layernorm", "attn_norm",
                    "self_attn.q_proj", "attn_q",
                    "self_attn.k_proj", "attn_k",
                    "self_attn.v_proj", "attn_v",
                    "self_attn.o_proj", "attn_output",
                    "self_attn.q_norm", "attn_q_norm",
                    "self_attn.k_norm", "attn_k_norm",
                    "mlp.gate_proj", "ffn_gate",
                    "mlp.up_proj", "ffn_up",
                    "mlp.down_proj", "ffn_down");

    private static final Pattern NUMBERED = Pattern.compile("(0|[1-9][0-9]{0,5})\\.(.+)");
    private static final Pattern TENSOR = Pattern.compile("(.+)(\\.weight|\\.bias)");

    public GgufNames {
        modules = Map.copyOf(modules);
        layerModules = Map.copyOf(layerModules);
    }

    /**
     * The names of Llama and of the models made after it.
     *
     * @param norms the layers' other norms, Hugging Face's name first
     */
    static GgufNames ofLlama(Map<String, String> norms) {
        Map<String, String> layer = new HashMap<>(LLAMA_LAYER);
        layer.putAll(norms);
        return new GgufNames(
                "model.layers.",
                Map.of(
                        "model.embed_tokens", "token_embd",
                        "model.norm", "output_norm",
                        "lm_head", "output"),
                layer);
    }

    /** The GGUF name of a Hugging Face tensor; empty if it is unknown. */
    public Optional<String> toGguf(String tensor) {
        return translate(tensor, layerPrefix, GGUF_LAYER_PREFIX, modules, layerModules);
    }

    /** The Hugging Face name of a GGUF tensor; empty if it is unknown. */
    public Optional<String> fromGguf(String tensor) {
        return translate(
                tensor, GGUF_LAYER_PREFIX, layerPrefix, reversed(modules), reversed(layerModules));
    }

    private static Map<String, String> reversed(Map<String, String> map) {
        return map.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    }

    private static Optional<String> translate(
            String tensor,
            String from,
            String to,
            Map<String, String> modules,
            Map<String, String> layerModules) {
        Matcher parts = TENSOR.matcher(tensor);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String module = parts.group(1);
        String kind = parts.group(2);
        if (!module.startsWith(from)) {
            return Optional.ofNullable(modules.get(module)).map(name -> name + kind);
        }
        Matcher layer = NUMBERED.matcher(module.substring(from.length()));
        return layer.matches()
                ? Optional.ofNullable(layerModules.get(layer.group(2)))
                        .map(name -> to + layer.group(1) + "." + name + kind)
                : Optional.empty();
    }
}
