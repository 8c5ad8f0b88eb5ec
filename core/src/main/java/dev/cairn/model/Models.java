package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.config.WeightFormat;
import dev.cairn.format.Safetensors;
import dev.cairn.model.weights.FreshWeights;
import dev.cairn.model.weights.MappedWeights;
import dev.cairn.model.weights.QuantizedWeights;
import dev.cairn.model.weights.StoredWeights;
import dev.cairn.model.weights.Weights;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.Sha256;
import dev.cairn.tensor.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Opens and creates models. To add an architecture, add a case to {@link #architecture}. */
public final class Models {
    private Models() {}

    /**
     * Opens a Hugging Face model directory with its weights frozen and mapped.
     *
     * @throws CairnException when a file is missing or damaged, the architecture is unknown, or a
     *     tensor is missing or has another shape than config.json says
     */
    public static CausalLm open(Path directory) {
        return open(directory, WeightFormat.AS_STORED);
    }

    /**
     * Opens a model like {@link #open(Path)}, but holds its linear layers and its head in the given
     * format. Such a model can generate and score, but no adapter can be trained on it.
     *
     * @throws CairnException as {@link #open(Path)}, and when a matrix is too large for the format
     */
    public static CausalLm open(Path directory, WeightFormat format) {
        return open(directory, format, Kernels.fastest());
    }

    /**
     * Opens a model as {@link #open(Path, WeightFormat)} does, for measuring: it computes with
     * {@link Kernels#measuring}.
     */
    public static CausalLm openForMeasuring(Path directory, WeightFormat format) {
        return open(directory, format, Kernels.measuring());
    }

    private static CausalLm open(Path directory, WeightFormat format, Kernels kernels) {
        ConfigJson json = config(directory);
        Weights stored = new StoredWeights(tensors(directory, json));
        return build(json, new QuantizedWeights(stored, format), kernels);
    }

    /** Opens a model for full training, with all its weights copied to the heap. */
    public static CausalLm openTrainable(Path directory, Kernels kernels) {
        ConfigJson json = config(directory);
        try (Safetensors file = tensors(directory, json)) {
            return build(json, MappedWeights.trainable(new StoredWeights(file), kernels), kernels);
        }
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

    /** SHA-256 of config.json and all weights, in hex; identifies a base. */
    public static String digest(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return Sha256.ofFiles(
                            entries.filter(file ->
                                            file.endsWith("config.json")
                                                    || file.toString().endsWith(".safetensors"))
                                    .sorted()
                                    .toList())
                    .hex();
        } catch (IOException e) {
            throw new CairnException(directory + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    private static ConfigJson config(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new CairnException(
                    directory + ": no such model directory; check the path of the model");
        }
        Path file = directory.resolve("config.json");
        if (!Files.exists(file) && Files.exists(directory.resolve(PeftConfig.FILE_NAME))) {
            throw new CairnException(
                    directory
                            + ": expected a model, found an adapter; give its base instead, or merge both with cairn fuse");
        }
        ConfigJson json = ConfigJson.read(file);
        Path generation = directory.resolve("generation_config.json");
        // Chat models list every token that ends a turn in this file; config.json may not.
        return Files.exists(generation)
                ? json.with("eos_token_id", ConfigJson.read(generation))
                : json;
    }

    /**
     * Opens the tensors of a model directory under the names by which the model reads them.
     *
     * @throws CairnException as {@link #open(Path)}
     */
    public static Safetensors tensors(Path directory) {
        return tensors(directory, config(directory));
    }

    /** A matrix that head and embedding share may be stored under the head's name alone. */
    private static Safetensors tensors(Path directory, ConfigJson json) {
        Architecture architecture = architecture(json);
        Safetensors file = Safetensors.open(directory);
        String embedding = architecture.embeddingName() + ".weight";
        String head = architecture.headName() + ".weight";
        if (architecture.isTied()
                && file.names().contains(head)
                && !file.names().contains(embedding)) {
            file.rename(head, embedding);
        }
        return file;
    }

    static CausalLm build(ConfigJson json, Weights weights, Kernels kernels) {
        return architecture(json).assemble(weights, kernels);
    }

    private static Architecture architecture(ConfigJson json) {
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
