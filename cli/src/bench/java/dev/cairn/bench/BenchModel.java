package dev.cairn.bench;

import dev.cairn.config.TargetModules;
import dev.cairn.format.DType;
import dev.cairn.format.Rows;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.model.PeftConfig;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A model of Pythia-160M's shape with seeded random weights in BF16, the tokenizer of the bundled
 * base, and four adapters; made on first use in {@code target/bench}.
 */
final class BenchModel {
    static final Path FOLDER = Path.of("target/bench");
    static final Path MODEL = FOLDER.resolve("pythia-160m-shape");

    /** The same weights as floats. */
    static final Path MODEL_F32 = FOLDER.resolve("pythia-160m-shape-fp32");

    static final int VOCABULARY = 50304;
    static final int HIDDEN = 768;
    static final int INNER = 3072;
    static final int LAYERS = 12;
    static final int ADAPTERS = 4;

    private static final Path TOKENIZER_FROM = Path.of("models/pebble");

    /** Its tokenizer knows no more tokens; the head never prefers others. */
    private static final int WRITTEN_VOCABULARY = 2048;

    private static final double DEVIATION = 0.02;

    private BenchModel() {}

    /** Makes what is not there yet. */
    static void make() {
        try {
            make(MODEL, DType.BF16);
            for (int i = 0; i < ADAPTERS; i++) {
                if (!LoraAdapter.exists(adapter(i))) {
                    makeAdapter(i);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes {@link #MODEL_F32} and the rest. */
    static void makeF32() {
        make();
        try {
            make(MODEL_F32, DType.F32);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void make(Path model, DType type) throws IOException {
        Path weights = model.resolve("model.safetensors");
        if (Files.exists(weights)) {
            return;
        }
        Files.createDirectories(model);
        Files.writeString(model.resolve("config.json"), config(type));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(
                    TOKENIZER_FROM.resolve(file),
                    model.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        SafetensorsWriter.write(weights, Map.of("format", "pt"), tensors(type));
    }

    /** The folder of an adapter of rank 8 on query_key_value. */
    static Path adapter(int index) {
        return FOLDER.resolve("adapters/stage" + index);
    }

    static CausalLm open() {
        return Models.open(MODEL);
    }

    static LoraAdapter openAdapter(CausalLm model, int index) {
        return LoraAdapter.open(adapter(index), model);
    }

    /** Tokens of any text. */
    static int[] tokens(int count, long seed) {
        return new SplittableRandom(seed).ints(count, 0, WRITTEN_VOCABULARY).toArray();
    }

    private static String config(DType type) {
        return """
        {
          "architectures": ["GPTNeoXForCausalLM"],
          "model_type": "gpt_neox",
          "vocab_size": %d,
          "hidden_size": %d,
          "intermediate_size": %d,
          "num_hidden_layers": %d,
          "num_attention_heads": 12,
          "max_position_embeddings": 2048,
          "rotary_pct": 0.25,
          "rotary_emb_base": 10000,
          "hidden_act": "gelu",
          "use_parallel_residual": true,
          "layer_norm_eps": 1e-5,
          "tie_word_embeddings": false,
          "torch_dtype": "%s"
        }
        """
                .formatted(
                        VOCABULARY,
                        HIDDEN,
                        INNER,
                        LAYERS,
                        type == DType.F32 ? "float32" : "bfloat16");
    }

    private static List<SafetensorsTensor> tensors(DType type) {
        List<SafetensorsTensor> tensors = new ArrayList<>();
        tensors.add(matrix(type, "gpt_neox.embed_in.weight", VOCABULARY, HIDDEN));
        for (int i = 0; i < LAYERS; i++) {
            String at = "gpt_neox.layers." + i + ".";
            norm(type, at + "input_layernorm", tensors);
            norm(type, at + "post_attention_layernorm", tensors);
            linear(type, at + "attention.query_key_value", 3 * HIDDEN, HIDDEN, tensors);
            linear(type, at + "attention.dense", HIDDEN, HIDDEN, tensors);
            linear(type, at + "mlp.dense_h_to_4h", INNER, HIDDEN, tensors);
            linear(type, at + "mlp.dense_4h_to_h", HIDDEN, INNER, tensors);
        }
        norm(type, "gpt_neox.final_layer_norm", tensors);
        tensors.add(matrix(type, "embed_out.weight", VOCABULARY, HIDDEN));
        return tensors;
    }

    private static void linear(
            DType type, String name, int out, int in, List<SafetensorsTensor> tensors) {
        tensors.add(matrix(type, name + ".weight", out, in));
        tensors.add(vector(type, name + ".bias", out, 0));
    }

    private static void norm(DType type, String name, List<SafetensorsTensor> tensors) {
        tensors.add(vector(type, name + ".weight", HIDDEN, 1));
        tensors.add(vector(type, name + ".bias", HIDDEN, 0));
    }

    private static SafetensorsTensor vector(DType type, String name, int size, float value) {
        return SafetensorsTensor.rows(
                name, type, (row, into) -> java.util.Arrays.fill(into, value), size);
    }

    private static SafetensorsTensor matrix(DType type, String name, int rows, int cols) {
        boolean isHead = name.equals("embed_out.weight");
        Rows numbers =
                (row, into) -> {
                    SplittableRandom random = new SplittableRandom(name.hashCode() * 31L + row);
                    boolean isWritten = !isHead || row < WRITTEN_VOCABULARY;
                    for (int i = 0; i < into.length; i++) {
                        into[i] = isWritten ? (float) (DEVIATION * random.nextGaussian()) : 0;
                    }
                };
        return SafetensorsTensor.rows(name, type, numbers, rows, cols);
    }

    private static void makeAdapter(int index) {
        CausalLm model = open();
        PeftConfig config =
                new PeftConfig(
                        MODEL.toString(),
                        null,
                        8,
                        16,
                        0.05,
                        TargetModules.names("query_key_value"),
                        false,
                        Map.of(),
                        Map.of());
        LoraAdapter adapter = LoraAdapter.fresh(model, config, index);
        SplittableRandom random = new SplittableRandom(index);
        for (Parameter parameter : adapter.parameters()) {
            Tensor value = parameter.value();
            // A fresh B is zero: an adapter that changes nothing.
            for (int row = 0; parameter.name().contains("lora_B") && row < value.rows(); row++) {
                for (int col = 0; col < value.cols(); col++) {
                    value.set(row, col, DEVIATION * random.nextGaussian());
                }
            }
        }
        adapter.save(adapter(index));
    }
}
