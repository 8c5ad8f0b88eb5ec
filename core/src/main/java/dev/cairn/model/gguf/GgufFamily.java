package dev.cairn.model.gguf;

import dev.cairn.format.GgmlType;
import dev.cairn.format.Gguf;
import dev.cairn.model.config.ConfigJson;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How an architecture's settings, names and rows differ between Hugging Face and GGUF. */
public interface GgufFamily {
    String TYPE = "general.type";
    String MODEL = "model";
    String ARCHITECTURE = "general.architecture";
    List<GgufFamily> ALL =
            List.of(
                    new NeoxGguf(),
                    new LlamaGguf("llama", "LlamaForCausalLM"),
                    new LlamaGguf("qwen2", "Qwen2ForCausalLM"),
                    new LlamaGguf("qwen3", "Qwen3ForCausalLM"),
                    new SmolLm3Gguf(),
                    new GraniteGguf(),
                    new Gemma3Gguf());

    /** The family with this value of a property that tells families apart, if there is one. */
    static Optional<GgufFamily> with(Function<GgufFamily, String> property, String value) {
        return ALL.stream().filter(family -> property.apply(family).equals(value)).findFirst();
    }

    /**
     * The family of a file.
     *
     * @throws dev.cairn.CairnException when Cairn does not know it, or the file holds no model
     */
    static GgufFamily of(Gguf file) {
        String type = file.has(TYPE) ? file.text(TYPE) : MODEL;
        if (!type.equals(MODEL)) {
            throw file.error(TYPE, "expected a model, found '" + type + "'");
        }
        String architecture = file.text(ARCHITECTURE);
        return with(GgufFamily::architecture, architecture)
                .orElseThrow(() ->
                        file.error(
                                ARCHITECTURE,
                                "expected one of %s, found '%s'"
                                        .formatted(
                                                ALL.stream()
                                                        .map(GgufFamily::architecture)
                                                        .collect(Collectors.joining(", ")),
                                                architecture)));
    }

    /** {@code general.architecture} in GGUF. */
    String architecture();

    /** {@code model_type} in config.json. */
    String modelType();

    /** {@code architectures} in config.json. */
    String className();

    GgufNames names();

    /** Whether llama.cpp needs the head even when it is tied to the embedding. */
    boolean needsHead();

    /** Adds to the metadata the settings of a config.json that not all families share. */
    void describe(ConfigJson config, GgufMetadata metadata);

    /** Adds to a config.json the settings of a GGUF file that not all families share. */
    void configure(GgufKeys keys, Gguf file, ObjectNode config);

    /**
     * How GGUF reorders a tensor's rows; null when their order stays.
     *
     * @param tensor GGUF's name
     */
    @Nullable AxisSwap order(GgufHeads heads, String tensor);

    /**
     * What GGUF adds to every value of a vector.
     *
     * @param tensor GGUF's name
     */
    default float addedByGguf(String tensor) {
        return 0;
    }

    /** Tensors that GGUF stores and Hugging Face computes. */
    default List<Extra> extras(ConfigJson config) {
        return List.of();
    }

    /** Whether a GGUF file's tensor is one of {@link #extras}. */
    default boolean isExtra(String tensor) {
        return false;
    }

    /** A vector of {@link GgmlType#F32}. */
    @SuppressWarnings("ArrayRecordComponent") // on its way to a file, never compared as a value
    record Extra(String name, float[] values) {}
}
