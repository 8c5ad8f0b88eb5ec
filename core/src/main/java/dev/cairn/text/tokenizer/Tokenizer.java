package dev.cairn.text.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Converts text to token ids and back, as defined by a Hugging Face {@code tokenizer.json}. Works
 * offline and never truncates, pads or drops merges, whatever the file says. Thread-safe. Its
 * native memory is freed once the instance is unreachable.
 */
public final class Tokenizer {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Path file;
    private final long handle;
    private final Set<Integer> special;
    private final int vocabSize;
    private final int[] leading;
    private final TokenBytes bytes;

    private Tokenizer(long handle, TokenizerFile file) {
        this.file = file.file();
        this.handle = handle;
        this.special = file.special();
        this.vocabSize = file.vocabSize();
        this.leading = file.leading();
        this.bytes = new TokenBytes(file);
    }

    /**
     * Loads a tokenizer.
     *
     * @param path a model directory with its {@code tokenizer.json}, that file itself, or a GGUF
     *     file
     * @throws dev.cairn.CairnException if the file is missing, damaged or not a tokenizer
     */
    public static Tokenizer load(Path path) {
        TokenizerFile file = TokenizerFile.read(path);
        TokenizersLibrary library = NativeTokenizers.library();
        long handle = create(library, file);
        Tokenizer tokenizer = new Tokenizer(handle, file);
        CLEANER.register(tokenizer, () -> library.deleteTokenizer(handle));
        library.disableTruncation(handle);
        library.disablePadding(handle);
        return tokenizer;
    }

    /**
     * Loads the native library that all tokenizers use.
     *
     * @return the folder it was unpacked into
     * @throws dev.cairn.CairnException if it cannot be loaded; the message says why
     */
    public static Path nativeLibraryFolder() {
        NativeTokenizers.library();
        return NativeTokenizers.folder();
    }

    private static long create(TokenizersLibrary library, TokenizerFile file) {
        try {
            return library.createTokenizerFromString(file.json());
        } catch (RuntimeException e) {
            throw TokenizerFile.broken(file.file(), Texts.oneLine(e), e);
        }
    }

    /**
     * The token ids of a text, and only of the text: no beginning-of-text or end-of-text token is
     * added; see {@link #encode(String, boolean)}. The spelling of a special token in the text
     * becomes that token. An unpaired surrogate counts as U+FFFD.
     *
     * @throws dev.cairn.CairnException if the vocabulary has no token for a part of the text
     */
    public int[] encode(String text) {
        TokenizersLibrary library = NativeTokenizers.library();
        long encoding = encoding(library, text);
        try {
            return Arrays.stream(library.getTokenIds(encoding))
                    .mapToInt(Math::toIntExact)
                    .toArray();
        } finally {
            library.deleteEncoding(encoding);
            Reference.reachabilityFence(this);
        }
    }

    /**
     * The token ids of a text that a model reads from its beginning, as transformers encodes it
     * with {@code add_special_tokens}: after the special tokens that the tokenizer puts before a
     * text, such as {@code <s>}. A text that already begins with the first of them stays as it is.
     *
     * @param addSpecialTokens false for a text that brings its special tokens along, such as one
     *     rendered by a chat template
     */
    public int[] encode(String text, boolean addSpecialTokens) {
        int[] ids = encode(text);
        int[] before = leading;
        if (!addSpecialTokens || before.length == 0 || (ids.length > 0 && ids[0] == before[0])) {
            return ids;
        }
        int[] all = Arrays.copyOf(before, before.length + ids.length);
        System.arraycopy(ids, 0, all, before.length, ids.length);
        return all;
    }

    /** The special tokens that {@link #encode(String, boolean)} puts before a text. */
    public int[] leadingTokens() {
        return leading.clone();
    }

    private long encoding(TokenizersLibrary library, String text) {
        try {
            return library.encode(handle, Texts.wellFormed(text), false);
        } catch (RuntimeException e) {
            throw TokenizerFile.broken(file, "a text cannot be encoded: " + Texts.oneLine(e), e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * The text of token ids. Special tokens (end of text, padding) and ids outside the vocabulary,
     * which a model with spare embedding rows may produce, contribute no text. Bytes that do not
     * form a complete UTF-8 character become U+FFFD; {@link StreamingDetokenizer} joins characters
     * that span several tokens.
     */
    public String decode(int[] tokens) {
        try {
            long[] wide = Arrays.stream(tokens).asLongStream().toArray();
            return NativeTokenizers.library().decode(handle, wide, true);
        } catch (RuntimeException e) {
            throw TokenizerFile.broken(file, "tokens cannot be decoded: " + Texts.oneLine(e), e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * The UTF-8 bytes of a single token: part of a character if the character spans several tokens,
     * the spelling of a special token, and empty for an id without a token.
     */
    public byte[] bytes(int token) {
        return bytes.of(token);
    }

    /** Highest token id + 1, the minimum number of embedding rows of a model. */
    public int vocabSize() {
        return vocabSize;
    }

    /** The id of a token by its exact spelling in the file, such as {@code <|endoftext|>}. */
    public OptionalInt tokenId(String token) {
        return bytes.idOf(token);
    }

    /**
     * The token that ends a text or, in a chat model, a turn: the {@code eos_token} of a model's
     * {@code tokenizer_config.json}.
     *
     * @return empty if the file or its key is missing, or the vocabulary has no such token
     * @throws dev.cairn.CairnException when the file is damaged
     */
    public OptionalInt eosId(Path modelDirectory) {
        return specialId(modelDirectory, "eos_token");
    }

    /**
     * The token that begins a text: the {@code bos_token} of a model's {@code
     * tokenizer_config.json}.
     *
     * @return empty if the file or its key is missing, or the vocabulary has no such token
     * @throws dev.cairn.CairnException when the file is damaged
     */
    public OptionalInt bosId(Path modelDirectory) {
        return specialId(modelDirectory, "bos_token");
    }

    private OptionalInt specialId(Path modelDirectory, String name) {
        String token = ChatTemplateFiles.read(modelDirectory).specialTokens().get(name);
        return token == null ? OptionalInt.empty() : tokenId(token);
    }

    /** Whether a token is a special one, which {@link #decode} leaves out. */
    public boolean isSpecial(int token) {
        return special.contains(token);
    }

    /** Whether {@link #decode} produces text for a token. */
    boolean standsForText(int token) {
        return token >= 0 && token < vocabSize && !special.contains(token);
    }
}
