package dev.cairn.stack;

import dev.cairn.config.TargetModules;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.model.PeftConfig;
import dev.cairn.model.weights.Parameter;
import dev.cairn.support.AtomicFiles;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import dev.cairn.text.tokenizer.BpeTrainer;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** Bases small enough for a test, in directories like any other; their tokens are single bytes. */
public final class TinyBases {
    static final int VOCABULARY = 257;
    public static final int END = 0;
    public static final int WINDOW = 64;

    private TinyBases() {}

    /**
     * A base that knows chains of characters by heart. After each character of a chain it writes
     * the next one, after the last the end of text: what it will say is known beforehand.
     */
    public static Path chains(Path directory, String... chains) {
        return chains(directory, List.of(), chains);
    }

    /** The same, with further special tokens that may stand in the chains. */
    public static Path chains(Path directory, List<String> special, String... chains) {
        int vocabulary = VOCABULARY + special.size();
        // Wider than the vocabulary, so that each token has a direction of its own.
        CausalLm model = fresh(directory, vocabulary, 264, 1, 1);
        Tokenizer tokenizer = tokenizer(directory, special);
        for (Parameter parameter : model.parameters()) {
            if (parameter.name().endsWith(".weight") && parameter.value().rows() > 1) {
                fill(parameter.value(), () -> 0);
            }
        }
        Tensor embedding = weight(model, "gpt_neox.embed_in.weight");
        for (int token = 0; token < vocabulary; token++) {
            embedding.set(token, token, 1);
        }
        Tensor head = weight(model, "embed_out.weight");
        for (String chain : chains) {
            int[] ids = tokenizer.encode(chain);
            for (int i = 0; i < ids.length; i++) {
                head.set(i + 1 < ids.length ? ids[i + 1] : END, ids[i], 1);
            }
        }
        return write(directory, model);
    }

    /** A base of two layers with large random weights. */
    public static Path random(Path directory, long seed) {
        return random(directory, 24, 2, seed);
    }

    public static Path random(Path directory, int hiddenSize, int layers, long seed) {
        CausalLm model = fresh(directory, VOCABULARY, hiddenSize, 3, layers);
        tokenizer(directory, List.of());
        SplittableRandom random = new SplittableRandom(seed);
        for (Parameter parameter : model.parameters()) {
            if (parameter.value().rows() > 1) {
                fill(parameter.value(), () -> 0.5 * random.nextGaussian());
            }
        }
        return write(directory, model);
    }

    /** An adapter for a base, in the middle of training. */
    public static Path adapter(Path directory, Path base, long seed) {
        TargetModules all = TargetModules.names("query_key_value", "dense_4h_to_h");
        LoraAdapter adapter =
                LoraAdapter.fresh(Models.open(base), PeftConfig.of("base", 3, 6, 0, all), seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (Parameter parameter : adapter.parameters()) {
            fill(parameter.value(), random::nextGaussian);
        }
        adapter.save(directory);
        return directory;
    }

    private static CausalLm fresh(
            Path directory, int vocabulary, int hiddenSize, int heads, int layers) {
        Path config = directory.resolve("config.json");
        AtomicFiles.writeString(
                config,
                """
                {"model_type": "gpt_neox", "vocab_size": %d, "hidden_size": %d,
                 "num_attention_heads": %d, "num_hidden_layers": %d, "intermediate_size": 20,
                 "max_position_embeddings": %d, "eos_token_id": %d}
                """
                        .formatted(vocabulary, hiddenSize, heads, layers, WINDOW, END));
        return Models.fresh(config, 1, Kernels.vector());
    }

    /** A tokenizer of the end of text, special tokens, the 256 bytes and nothing else. */
    private static Tokenizer tokenizer(Path directory, List<String> special) {
        List<String> all = new ArrayList<>(List.of(BpeTrainer.END_OF_TEXT));
        all.addAll(special);
        BpeTrainer.of(VOCABULARY + special.size(), all).train().writeTo(directory);
        return Tokenizer.load(directory);
    }

    private static Tensor weight(CausalLm model, String name) {
        return model.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static void fill(Tensor tensor, DoubleSupplier values) {
        for (int r = 0; r < tensor.rows(); r++) {
            for (int c = 0; c < tensor.cols(); c++) {
                tensor.set(r, c, values.getAsDouble());
            }
        }
    }

    private static Path write(Path directory, CausalLm model) {
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"),
                Map.of("format", "pt"),
                model.parameters().stream().map(TinyBases::tensor).toList());
        return directory;
    }

    /** Checkpoints store a vector with one dimension. */
    private static SafetensorsTensor tensor(Parameter parameter) {
        Tensor value = parameter.value();
        return value.rows() == 1
                ? SafetensorsTensor.f32(parameter.name(), value.toFloats(), value.cols())
                : SafetensorsTensor.f32(
                        parameter.name(), value.toFloats(), value.rows(), value.cols());
    }
}
