package dev.cairn.convert;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer as llama.cpp knows it: what a GGUF file says under {@code tokenizer.ggml}
 * (ggml-org/llama.cpp, {@code src/llama-vocab.cpp}).
 *
 * @param model {@link #BYTE_LEVEL} or {@link #SENTENCE_PIECE}
 * @param pre name of the way in which text is cut into words before merging
 * @param tokens by id
 * @param types by id; see {@link TokenType}
 * @param merges pairs in order, a space between; empty with {@link #SENTENCE_PIECE}
 * @param scores by id, a higher one is merged first; empty with {@link #BYTE_LEVEL}
 * @param bos id of the token that begins a text; null when there is none, like its siblings
 * @param addBos whether a text begins with {@code bos}
 * @param addEos whether a text ends with {@code eos}
 * @param addSpacePrefix whether a text begins with a space of its own
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
        /** Text that is never cut. */
        USER_DEFINED(4),
        /** A row of the embedding without a token. */
        UNUSED(5),
        /** One byte, for text that no other token has. */
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
     * Reads the tokenizer of a Hugging Face model directory.
     *
     * @param vocabSize rows of the model's embedding; those without a token are marked as unused
     * @throws dev.cairn.CairnException when llama.cpp would cut text into other tokens than this
     *     tokenizer does, naming what it cannot do
     */
    public static GgmlVocabulary read(Path modelDirectory, int vocabSize) {
        return new GgmlVocabularyReader(modelDirectory, vocabSize).read();
    }

    /**
     * Writes {@code tokenizer.json} and {@code tokenizer_config.json}, each whole or not at all.
     *
     * @param source the file it comes from, named in errors
     * @throws dev.cairn.CairnException when the vocabulary is damaged, or its text is cut in a way
     *     that Cairn does not know
     */
    public void writeTo(Path directory, Path source) {
        new GgmlVocabularyWriter(this, source).write(directory);
    }
}
