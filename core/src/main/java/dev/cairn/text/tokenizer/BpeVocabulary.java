package dev.cairn.text.tokenizer;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A byte-level BPE vocabulary. Ids: the special tokens, then the 256 bytes in the order of the
 * characters that spell them, then one token per merge (two merges may produce the same token).
 *
 * @param specialTokens tokens without text; the first one ends a text
 * @param merges pairs in the order of application, spelled in GPT-2's byte alphabet
 */
public record BpeVocabulary(List<String> specialTokens, List<Merge> merges) {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Two adjacent tokens that are merged into one. */
    public record Merge(String left, String right) {}

    public BpeVocabulary {
        specialTokens = List.copyOf(specialTokens);
        merges = List.copyOf(merges);
    }

    /** All tokens; the index is the id. */
    public List<String> tokens() {
        Set<String> tokens = new LinkedHashSet<>(specialTokens);
        ByteAlphabet.bytesBySpelling()
                .forEach(b -> tokens.add(String.valueOf(ByteAlphabet.spell(b))));
        merges.forEach(merge -> tokens.add(merge.left + merge.right));
        return List.copyOf(tokens);
    }

    /**
     * Writes {@code tokenizer.json} and {@code tokenizer_config.json} in Hugging Face's format.
     * Each file appears under its name only once it is complete.
     *
     * @param directory the target directory, created if it does not exist
     */
    public void writeTo(Path directory) {
        write(directory.resolve(TokenizerFile.NAME), tokenizer());
        write(directory.resolve("tokenizer_config.json"), config());
    }

    private Map<String, Object> tokenizer() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", "1.0");
        root.put("truncation", null);
        root.put("padding", null);
        root.put("added_tokens", addedTokens());
        root.put("normalizer", null);
        root.put("pre_tokenizer", byteLevel());
        root.put("post_processor", null);
        root.put("decoder", byteLevel());
        root.put("model", model());
        return root;
    }

    private List<Map<String, Object>> addedTokens() {
        List<Map<String, Object>> added = new ArrayList<>();
        for (int id = 0; id < specialTokens.size(); id++) {
            Map<String, Object> token = new LinkedHashMap<>();
            token.put("id", id);
            token.put("content", specialTokens.get(id));
            token.put("single_word", false);
            token.put("lstrip", false);
            token.put("rstrip", false);
            token.put("normalized", false);
            token.put("special", true);
            added.add(token);
        }
        return added;
    }

    private static Map<String, Object> byteLevel() {
        Map<String, Object> byteLevel = new LinkedHashMap<>();
        byteLevel.put("type", "ByteLevel");
        byteLevel.put("add_prefix_space", false);
        byteLevel.put("trim_offsets", true);
        byteLevel.put("use_regex", true);
        return byteLevel;
    }

    private Map<String, Object> model() {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("dropout", null);
        model.put("unk_token", null);
        model.put("continuing_subword_prefix", null);
        model.put("end_of_word_suffix", null);
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", false);
        Map<String, Integer> vocab = new LinkedHashMap<>();
        tokens().forEach(token -> vocab.put(token, vocab.size()));
        model.put("vocab", vocab);
        // The older of the two formats, which every version of the library reads.
        model.put("merges", merges.stream().map(m -> m.left + " " + m.right).toList());
        return model;
    }

    private Map<String, Object> config() {
        String endOfText = specialTokens.get(0);
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("bos_token", endOfText);
        config.put("eos_token", endOfText);
        config.put("unk_token", endOfText);
        config.put("add_prefix_space", false);
        config.put("clean_up_tokenization_spaces", false);
        return config;
    }

    private static void write(Path file, Map<String, Object> json) {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(temporary, MAPPER.writeValueAsString(json) + "\n");
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CairnException(file + ": cannot be written: " + Texts.oneLine(e), e);
        }
    }
}
