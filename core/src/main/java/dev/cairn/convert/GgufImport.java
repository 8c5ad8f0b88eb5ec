package dev.cairn.convert;

import dev.cairn.model.gguf.AxisSwap;
import dev.cairn.model.gguf.GgufFamily;
import dev.cairn.model.gguf.GgufHeads;
import dev.cairn.model.gguf.GgufKeys;
import dev.cairn.model.weights.StoredTensor;
import dev.cairn.CairnException;
import dev.cairn.format.DType;
import dev.cairn.format.Gguf;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.Models;
import dev.cairn.support.AtomicFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Turns a GGUF file into a Hugging Face directory, which everything else then reads. */
public final class GgufImport {
    private static final String EMBEDDING = "token_embd.weight";
    private static final String HEAD = "output.weight";
    private static final String BOS = "tokenizer.ggml.bos_token_id";

    /** The tokens that end a text, a turn and a message; llama.cpp stops at each. */
    private static final List<String> ENDS =
            List.of(
                    "tokenizer.ggml.eos_token_id",
                    "tokenizer.ggml.eot_token_id",
                    "tokenizer.ggml.eom_token_id");

    private final Gguf file;
    private final GgufFamily family;
    private final GgufKeys keys;

    private GgufImport(Gguf file) {
        this.file = file;
        String architecture = file.text("general.architecture");
        this.family =
                GgufFamily.with(GgufFamily::architecture, architecture)
                        .orElseThrow(() ->
                                file.error(
                                        "general.architecture",
                                        "expected gptneox, llama, qwen2 or qwen3, found "
                                                + architecture));
        this.keys = new GgufKeys(file, architecture);
    }

    /**
     * Writes {@code model.safetensors}, {@code config.json} and {@code generation_config.json}.
     * F32, F16 and BF16 stay as they are, Q8_0 and Q4_0 become F32.
     *
     * @param tokens number of tokens of the file's tokenizer
     * @throws CairnException naming the file and the key or tensor when Cairn does not know the
     *     model's family, or the file does not hold exactly one complete model
     */
    public static void write(Gguf file, int tokens, Path directory) {
        GgufImport gguf = new GgufImport(file);
        ObjectNode config = gguf.config();
        int vocabSize = config.path("vocab_size").asInt();
        if (tokens > vocabSize) {
            throw new CairnException(
                    "%s: %d tokens, but tensor %s has %d rows"
                            .formatted(file.file(), tokens, EMBEDDING, vocabSize));
        }
        gguf.write(config, directory);
    }

    private void write(ObjectNode config, Path directory) {
        keys.refuseOthers();
        List<SafetensorsTensor> tensors = tensors();
        SafetensorsWriter.write(
                directory.resolve(Checkpoint.FILE_NAME), Map.of("format", "pt"), tensors);
        AtomicFiles.writeString(directory.resolve("config.json"), config.toPrettyString() + "\n");
        checkWhole(tensors, directory);
        ObjectNode generation = JsonMapper.shared().createObjectNode();
        putTokens(generation);
        int[] ends = ENDS.stream().filter(file::has).mapToInt(file::natural).distinct().toArray();
        if (ends.length > 1) {
            generation.putPOJO("eos_token_id", ends);
        }
        AtomicFiles.writeString(
                directory.resolve("generation_config.json"), generation.toPrettyString() + "\n");
    }

    /** Opening the model reports missing tensors; unused ones would be lost silently. */
    private void checkWhole(List<SafetensorsTensor> tensors, Path directory) {
        Set<String> unused = new TreeSet<>();
        tensors.forEach(tensor -> unused.add(tensor.name()));
        try {
            Models.open(directory).parameters().forEach(used -> unused.remove(used.name()));
        } catch (CairnException e) {
            throw e.at(file.file(), "does not hold a complete model");
        }
        if (!unused.isEmpty()) {
            throw new CairnException(
                    "%s: holds %s, which is not part of a %s model with these settings"
                            .formatted(
                                    file.file(), unused.iterator().next(), family.architecture()));
        }
    }

    private ObjectNode config() {
        ObjectNode config = JsonMapper.shared().createObjectNode();
        config.putArray("architectures").add(family.className());
        Gguf.Entry embedding = file.entry(EMBEDDING);
        int hidden = keys.positive("embedding_length");
        long vocabulary = embedding.shape().length == 0 ? 0 : embedding.shape()[0];
        embedding.expectShape((int) vocabulary, hidden);
        config.put("model_type", family.modelType())
                .put("vocab_size", (int) vocabulary)
                .put("hidden_size", hidden)
                .put("intermediate_size", keys.positive("feed_forward_length"))
                .put("num_hidden_layers", keys.positive("block_count"))
                .put("num_attention_heads", keys.positive("attention.head_count"))
                .put("max_position_embeddings", keys.positive("context_length"))
                .put("tie_word_embeddings", !file.names().contains(HEAD));
        family.configure(keys, file, config);
        putTokens(config);
        return config.put("torch_dtype", torchName(dtype(embedding)));
    }

    private void putTokens(ObjectNode config) {
        if (file.has(BOS)) {
            config.put("bos_token_id", file.natural(BOS));
        }
        if (file.has(ENDS.getFirst())) {
            config.put("eos_token_id", file.natural(ENDS.getFirst()));
        }
    }

    private List<SafetensorsTensor> tensors() {
        GgufHeads heads = GgufHeads.of(keys);
        List<SafetensorsTensor> tensors = new ArrayList<>();
        for (String name : file.names()) {
            if (family.isExtra(name)) {
                continue;
            }
            Gguf.Entry entry = file.entry(name);
            String target =
                    family.names()
                            .fromGguf(name)
                            .orElseThrow(() ->
                                    entry.error(
                                            "does not belong to a %s model"
                                                    .formatted(family.architecture())));
            tensors.add(tensor(target, entry, family.order(heads, name)));
        }
        return tensors;
    }

    private SafetensorsTensor tensor(String name, Gguf.Entry entry, @Nullable AxisSwap order) {
        DType dtype = dtype(entry);
        StoredTensor tensor = new StoredTensor(name, dtype, entry.shape(), entry);
        if (order != null) {
            long rows = entry.shape().length == 0 ? 1 : entry.shape()[0];
            if (rows % order.size() != 0) {
                throw entry.error(
                        "expected a multiple of %d rows, found %d".formatted(order.size(), rows));
            }
            tensor = order.inverse().apply(tensor);
        }
        return SafetensorsTensor.rows(name, dtype, tensor.rows(), entry.shape());
    }

    private static DType dtype(Gguf.Entry entry) {
        return switch (entry.type()) {
            case F16 -> DType.F16;
            case BF16 -> DType.BF16;
            default -> DType.F32;
        };
    }

    private static String torchName(DType dtype) {
        return switch (dtype) {
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            default -> "float32";
        };
    }
}
