package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.config.WeightFormat;
import dev.cairn.format.Gguf;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.gguf.GgufModel;
import dev.cairn.model.weights.FreshWeights;
import dev.cairn.model.weights.MappedWeights;
import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.QuantizedWeights;
import dev.cairn.model.weights.StoredModel;
import dev.cairn.model.weights.Weights;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.Sha256;
import dev.cairn.tensor.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Opens and creates models. To add an architecture, add a case to {@link #architecture}. */
public final class Models {
    private Models() {}

    /**
     * Opens a model with its weights frozen and mapped.
     *
     * @param path a Hugging Face directory, a GGUF file, or any part of one in several
     * @throws CairnException when a file is missing or damaged, the architecture is unknown, or a
     *     tensor is missing or has another shape than the configuration says
     */
    public static CausalLm open(Path path) {
        return open(path, WeightFormat.AS_STORED);
    }

    /**
     * Opens a model like {@link #open(Path)}, but holds its linear layers and its head in the given
     * format. Such a model can generate and score, but no adapter can be trained on it.
     *
     * @throws CairnException as {@link #open(Path)}, and when a matrix is too large for the format
     */
    public static CausalLm open(Path path, WeightFormat format) {
        return open(path, format, stored -> Kernels.fastest());
    }

    /**
     * Opens a model like {@link #open(Path)}, as the frozen base of adapters that are trained. With
     * weights in blocks it computes with {@link Kernels#measuring}: in bfloat16 not only inputs
     * would be rounded but also the dequantised weights, and gradients be off by some percent.
     */
    public static CausalLm openBase(Path path) {
        return open(
                path,
                WeightFormat.AS_STORED,
                stored -> stored.isQuantized() ? Kernels.measuring() : Kernels.fastest());
    }

    /**
     * Opens a model as {@link #open(Path, WeightFormat)} does, for measuring: it computes with
     * {@link Kernels#measuring}.
     */
    public static CausalLm openForMeasuring(Path path, WeightFormat format) {
        return open(path, format, stored -> Kernels.measuring());
    }

    private static CausalLm open(
            Path path, WeightFormat format, Function<StoredModel, Kernels> kernels) {
        StoredModel stored = stored(path);
        try {
            return build(
                    stored, new QuantizedWeights(stored.weights(), format), kernels.apply(stored));
        } catch (RuntimeException | Error e) {
            stored.close();
            throw e;
        }
    }

    /** Opens a model for full training, with all its weights copied to the heap. */
    public static CausalLm openTrainable(Path path, Kernels kernels) {
        try (StoredModel stored = stored(path)) {
            return build(stored, MappedWeights.trainable(stored.weights(), kernels), kernels);
        }
    }

    /** Builds a model from its open files, as {@link #open(Path)} does. */
    public static CausalLm of(StoredModel stored) {
        return build(stored, stored.weights(), Kernels.fastest());
    }

    private static CausalLm build(StoredModel stored, Weights weights, Kernels kernels) {
        CausalLm model = build(stored.config(), weights, kernels);
        stored.refuseUnused(
                model.parameters().stream().map(Parameter::name).collect(Collectors.toSet()));
        return model;
    }

    /**
     * Opens a model's files without building it.
     *
     * @param path a Hugging Face directory or a GGUF file
     * @throws CairnException when a file is missing or damaged
     */
    public static StoredModel stored(Path path) {
        return Files.isRegularFile(path) ? GgufModel.open(path) : HuggingFaceModel.open(path);
    }

    /** Creates a model from a config.json, with random weights, for full training. */
    public static CausalLm fresh(Path configFile, long seed, Kernels kernels) {
        ConfigJson json = ConfigJson.read(configFile);
        int layers = json.positive("num_hidden_layers");
        return build(
                json,
                MappedWeights.trainable(new FreshWeights(kernels, seed, layers), kernels),
                kernels);
    }

    /**
     * SHA-256 in hex of config.json and all weights, or of a GGUF file with all its parts;
     * identifies a base.
     */
    public static String digest(Path path) {
        if (Files.isRegularFile(path)) {
            return Sha256.ofFiles(Gguf.files(path)).hex();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return Sha256.ofFiles(
                            entries.filter(file ->
                                            file.endsWith("config.json")
                                                    || file.toString().endsWith(".safetensors"))
                                    .sorted()
                                    .toList())
                    .hex();
        } catch (IOException e) {
            throw new CairnException(path + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    static CausalLm build(ConfigJson json, Weights weights, Kernels kernels) {
        return architecture(json).assemble(weights, kernels);
    }

    static Architecture architecture(ConfigJson json) {
        String type = json.text("model_type");
        return switch (type) {
            case "gpt_neox" -> GptNeoXConfig.read(json);
            case "llama" -> LlamaConfig.read(json, LlamaVariant.llama(json));
            case "qwen2" -> LlamaConfig.read(json, LlamaVariant.qwen2(json));
            case "qwen3" -> LlamaConfig.read(json, LlamaVariant.qwen3(json));
            case "smollm3" -> SmolLm3Config.read(json);
            case "granite" -> GraniteConfig.granite(json);
            case "granitemoehybrid" -> GraniteConfig.granite4(json);
            case "gemma3_text" -> Gemma3Config.read(json);
            default -> {
                json.expect(
                        "model_type",
                        type,
                        "gpt_neox",
                        "llama",
                        "qwen2",
                        "qwen3",
                        "smollm3",
                        "granite",
                        "granitemoehybrid",
                        "gemma3_text");
                throw new IllegalStateException(type);
            }
        };
    }
}
