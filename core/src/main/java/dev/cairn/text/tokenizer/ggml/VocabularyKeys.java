package dev.cairn.text.tokenizer.ggml;

import dev.cairn.format.Gguf;
import dev.cairn.format.GgufValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Converts a tokenizer to and from the metadata of a GGUF file. */
public final class VocabularyKeys {
    private static final String PREFIX = "tokenizer.ggml.";
    static final String TOKENS = PREFIX + "tokens";
    private static final String CHAT_TEMPLATE = "tokenizer.chat_template";

    /** Keys that do not affect how text becomes tokens, or that repeat what other keys say. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "eos_token_ids",
                    "eot_token_id",
                    "eom_token_id",
                    "token_type_count",
                    "fim_pre_token_id",
                    "fim_suf_token_id",
                    "fim_mid_token_id",
                    "fim_pad_token_id",
                    "fim_rep_token_id",
                    "fim_sep_token_id",
                    "prefix_token_id",
                    "suffix_token_id",
                    "middle_token_id",
                    "cls_token_id",
                    "mask_token_id",
                    "seperator_token_id");

    /** What a converter may write out although it is off, as Ollama's does. */
    private static final Pattern SWITCH =
            Pattern.compile("add_[a-z]+_token|remove_extra_whitespaces");

    private static final Set<String> KNOWN =
            Set.of(
                    "model",
                    "pre",
                    "tokens",
                    "scores",
                    "token_type",
                    "merges",
                    "bos_token_id",
                    "eos_token_id",
                    "unknown_token_id",
                    "padding_token_id",
                    "add_bos_token",
                    "add_eos_token",
                    "add_space_prefix");

    private VocabularyKeys() {}

    /** The metadata of a file with this vocabulary. */
    public static Map<String, GgufValue> write(GgmlVocabulary vocabulary) {
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        boolean isSentencePiece = vocabulary.model().equals(GgmlVocabulary.SENTENCE_PIECE);
        keys.put(PREFIX + "model", new GgufValue.Text(vocabulary.model()));
        keys.put(PREFIX + "pre", new GgufValue.Text(vocabulary.pre()));
        keys.put(TOKENS, new GgufValue.Texts(vocabulary.tokens()));
        if (isSentencePiece) {
            keys.put(PREFIX + "scores", new GgufValue.Float32s(vocabulary.scores()));
        }
        keys.put(PREFIX + "token_type", new GgufValue.Int32s(vocabulary.types()));
        if (!isSentencePiece) {
            keys.put(PREFIX + "merges", new GgufValue.Texts(vocabulary.merges()));
        }
        putId(keys, "bos_token_id", vocabulary.bos());
        putId(keys, "eos_token_id", vocabulary.eos());
        putId(keys, "unknown_token_id", vocabulary.unknown());
        putId(keys, "padding_token_id", vocabulary.padding());
        // llama.cpp has defaults of its own that differ from model to model.
        keys.put(PREFIX + "add_bos_token", new GgufValue.Flag(vocabulary.addBos()));
        keys.put(PREFIX + "add_eos_token", new GgufValue.Flag(vocabulary.addEos()));
        keys.put(PREFIX + "add_space_prefix", new GgufValue.Flag(vocabulary.addSpacePrefix()));
        if (vocabulary.chatTemplate() != null) {
            keys.put(CHAT_TEMPLATE, new GgufValue.Text(vocabulary.chatTemplate()));
        }
        return keys;
    }

    private static void putId(Map<String, GgufValue> keys, String key, @Nullable Integer id) {
        if (id != null) {
            keys.put(PREFIX + key, new GgufValue.Uint32(id));
        }
    }

    /**
     * The vocabulary that a file's metadata describes.
     *
     * @throws dev.cairn.CairnException as {@link #read(Gguf)}, and when the file is damaged
     */
    public static GgmlVocabulary read(Path file) {
        try (Gguf gguf = Gguf.openMetadata(file)) {
            return read(gguf);
        }
    }

    /**
     * The vocabulary that a file's metadata describes.
     *
     * @throws dev.cairn.CairnException naming the file and the key when a key is missing, has
     *     another type or is unknown
     */
    public static GgmlVocabulary read(Gguf file) {
        refuseOthers(file);
        String model = file.text(PREFIX + "model");
        boolean isSentencePiece = model.equals(GgmlVocabulary.SENTENCE_PIECE);
        String pre = isSentencePiece ? "default" : file.text(PREFIX + "pre");
        boolean addsBos = isSentencePiece || PreTokenizer.beginsTexts(pre);
        return new GgmlVocabulary(
                model,
                pre,
                file.texts(TOKENS),
                file.ints(PREFIX + "token_type"),
                isSentencePiece ? List.of() : file.texts(PREFIX + "merges"),
                isSentencePiece ? file.floats(PREFIX + "scores") : new float[0],
                id(file, "bos_token_id"),
                id(file, "eos_token_id"),
                id(file, "unknown_token_id"),
                id(file, "padding_token_id"),
                flag(file, "add_bos_token", addsBos),
                flag(file, "add_eos_token", false),
                flag(file, "add_space_prefix", isSentencePiece),
                chatTemplate(file));
    }

    /** Rejects unknown settings, which may change how a text is tokenized. */
    private static void refuseOthers(Gguf file) {
        for (String key : file.keys()) {
            if (key.startsWith(PREFIX) && !isUnderstood(file, key)) {
                throw file.error(key, "a tokenizer setting that Cairn does not know");
            }
        }
    }

    private static boolean isUnderstood(Gguf file, String key) {
        String name = key.substring(PREFIX.length());
        return KNOWN.contains(name)
                || WITHOUT_EFFECT.contains(name)
                || (SWITCH.matcher(name).matches() && !file.flag(key));
    }

    static @Nullable String chatTemplate(Gguf file) {
        return file.has(CHAT_TEMPLATE) ? file.text(CHAT_TEMPLATE) : null;
    }

    static @Nullable Integer id(Gguf file, String key) {
        return file.has(PREFIX + key) ? Integer.valueOf(file.natural(PREFIX + key)) : null;
    }

    private static boolean flag(Gguf file, String key, boolean otherwise) {
        return file.has(PREFIX + key) ? file.flag(PREFIX + key) : otherwise;
    }
}
