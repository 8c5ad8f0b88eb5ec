package dev.cairn.model.gguf;

import dev.cairn.CairnException;
import dev.cairn.format.DType;
import dev.cairn.format.Gguf;
import dev.cairn.model.config.ConfigJson;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A GGUF file's metadata in the form of Hugging Face's files.
 *
 * @param config config.json
 * @param generation generation_config.json, with all tokens that end a text
 */
record GgufConfig(ObjectNode config, ObjectNode generation) {
    private static final String EMBEDDING = "token_embd.weight";
    private static final String HEAD = "output.weight";
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String TYPES = "tokenizer.ggml.token_type";
    private static final String BOS = "tokenizer.ggml.bos_token_id";
    private static final String PADDING = "tokenizer.ggml.padding_token_id";

    /** The types of control tokens and of those that somebody added, as some files have them. */
    private static final Set<Integer> APART_FROM_TEXT = Set.of(3, 4);

    /**
     * Tokens that end a text or a turn wherever they occur. Many files name only one of theirs;
     * llama.cpp knows them by their spelling, too ({@code src/llama-vocab.cpp}).
     */
    private static final Set<String> END_SPELLINGS =
            Set.of(
                    "<|eot_id|>",
                    "<|eom_id|>",
                    "<|im_end|>",
                    "<|end|>",
                    "<|end_of_text|>",
                    "<|endoftext|>",
                    "<end_of_turn>");

    /** All of them in one list, as Ollama's converter writes it. */
    private static final String ALL_ENDS = "tokenizer.ggml.eos_token_ids";

    /** The tokens that end a text, a turn and a message; llama.cpp stops at each. */
    private static final List<String> ENDS =
            List.of(
                    "tokenizer.ggml.eos_token_id",
                    "tokenizer.ggml.eot_token_id",
                    "tokenizer.ggml.eom_token_id");

    /**
     * @throws CairnException naming the key or tensor that is missing or does not fit
     */
    static GgufConfig of(Gguf file, GgufFamily family, GgufKeys keys) {
        ObjectNode config = JsonMapper.shared().createObjectNode();
        config.putArray("architectures").add(family.className());
        Gguf.Entry embedding = file.entry(EMBEDDING);
        int hidden = keys.positive("embedding_length");
        long vocabulary = embedding.shape().length == 0 ? 0 : embedding.shape()[0];
        embedding.expectShape((int) vocabulary, hidden);
        if (file.has(TOKENS) && file.size(TOKENS) != vocabulary) {
            throw embedding.error(
                    "has %d rows, but the vocabulary has %d tokens; they do not belong together"
                            .formatted(vocabulary, file.size(TOKENS)));
        }
        config.put("model_type", family.modelType())
                .put("vocab_size", (int) vocabulary)
                .put("hidden_size", hidden)
                .put("intermediate_size", keys.positive("feed_forward_length"))
                .put("num_hidden_layers", keys.positive("block_count"))
                .put("num_attention_heads", keys.positive("attention.head_count"))
                .put("max_position_embeddings", keys.positive("context_length"))
                .put("tie_word_embeddings", !file.names().contains(HEAD));
        family.configure(keys, file, config);
        putTokens(file, config);
        // Left out, it would be the family's usual one, which this vocabulary may not have.
        config.put("pad_token_id", file.has(PADDING) ? file.natural(PADDING) : null);
        config.put("torch_dtype", torchName(dtype(embedding)));
        ObjectNode generation = JsonMapper.shared().createObjectNode();
        putTokens(file, generation);
        Set<Integer> ends = ends(file);
        if (ends.size() > 1) {
            ends.forEach(generation.putArray("eos_token_id")::add);
        }
        return new GgufConfig(config, generation);
    }

    /** All tokens that end a text, the one that the file itself calls so first. */
    private static Set<Integer> ends(Gguf file) {
        Set<Integer> ends = new LinkedHashSet<>();
        ENDS.stream().filter(file::has).forEach(key -> ends.add(file.natural(key)));
        if (file.has(ALL_ENDS)) {
            Arrays.stream(file.ints(ALL_ENDS)).forEach(ends::add);
        }
        if (!ends.isEmpty() && file.has(TOKENS) && file.has(TYPES)) {
            int[] types = file.ints(TYPES);
            file.indices(TOKENS, END_SPELLINGS).values().stream()
                    .filter(id -> id < types.length && APART_FROM_TEXT.contains(types[id]))
                    .sorted()
                    .forEach(ends::add);
        }
        return ends;
    }

    private static void putTokens(Gguf file, ObjectNode config) {
        if (file.has(BOS)) {
            config.put("bos_token_id", file.natural(BOS));
        }
        if (file.has(ENDS.getFirst())) {
            config.put("eos_token_id", file.natural(ENDS.getFirst()));
        }
    }

    /** The type in which a tensor is written to a safetensors file. */
    static DType dtype(Gguf.Entry entry) {
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

    /**
     * Both files in one.
     *
     * @param file named in errors
     */
    ConfigJson merged(Path file) {
        return ConfigJson.of(file, config).with("eos_token_id", ConfigJson.of(file, generation));
    }
}
