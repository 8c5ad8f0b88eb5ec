package dev.cairn.text.tokenizer.ggml;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer in llama.cpp's form: what a GGUF file stores under {@code tokenizer.ggml}
 * (ggml-org/llama.cpp, {@code src/llama-vocab.cpp}).
 *
 * @param model {@link #BYTE_LEVEL} or {@link #SENTENCE_PIECE}
 * @param pre name of the pre-tokenizer, which splits text into words before merging
 * @param tokens by id
 * @param types by id; see {@link TokenType}
 * @param merges pairs in order, separated by a space; empty for {@link #SENTENCE_PIECE}
 * @param scores by id, a higher score is merged first; empty for {@link #BYTE_LEVEL}
 * @param bos id of the token that begins a text; null when there is none; likewise the ids below
 * @param addBos whether a text begins with {@code bos}
 * @param addEos whether a text ends with {@code eos}
 * @param addSpacePrefix whether a space is put before a text
 * @param chatTemplate Jinja template of a conversation
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to or from a file, never compared
public record GgmlVocabulary(
        String model,
        String pre,
        List<String> tokens,
        int[] types,
        List<String> merges,
        float[] scores,
        @Nullable Integer bos,
        @Nullable Integer eos,
        @Nullable Integer unknown,
        @Nullable Integer padding,
        boolean addBos,
        boolean addEos,
        boolean addSpacePrefix,
        @Nullable String chatTemplate) {
    public static final String BYTE_LEVEL = "gpt2";
    public static final String SENTENCE_PIECE = "llama";

    /** What a token is for; the numbers are llama.cpp's. */
    public enum TokenType {
        NORMAL(1),
        UNKNOWN(2),
        /** Stands for no text. */
        CONTROL(3),
        /** Text that is never split. */
        USER_DEFINED(4),
        /** A row of the embedding without a token. */
        UNUSED(5),
        /** One byte, for text that no other token covers. */
        BYTE(6);

        private final int id;

        TokenType(int id) {
            this.id = id;
        }

        public int id() {
            return id;
        }
    }

    public GgmlVocabulary {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
    }

    /**
     * Writes {@code tokenizer.json} and {@code tokenizer_config.json}, each whole or not at all.
     *
     * @param source the file it comes from, named in errors
     * @throws dev.cairn.CairnException when the vocabulary is damaged, or Cairn does not know its
     *     pre-tokenizer
     */
    public void writeTo(Path directory, Path source) {
        new GgmlVocabularyWriter(this, source).write(directory);
    }
}
