package dev.cairn.text.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids and back, after a Hugging Face {@code tokenizer.json}. Works offline, never
 * truncates and never pads, whatever the file says. Any number of threads may use one instance. Its
 * native memory is freed when nothing refers to it any more.
 */
public final class Tokenizer {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Path file;
    private final long handle;
    private final Map<String, Integer> ids;
    private final Set<Integer> special;
    private final int vocabSize;
    private final TokenizerFile source;
    private @Nullable TokenBytes bytes;

    private Tokenizer(long handle, TokenizerFile file) {
        this.file = file.file();
        this.handle = handle;
        this.ids = file.ids();
        this.special = file.special();
        this.vocabSize = file.vocabSize();
        this.source = file;
    }

    /**
     * Loads a tokenizer.
     *
     * @param modelDirectoryOrTokenizerJson a model directory with its {@code tokenizer.json}, or
     *     that file itself
     * @throws dev.cairn.CairnException when the file is missing, is no tokenizer or is damaged
     */
    public static Tokenizer load(Path modelDirectoryOrTokenizerJson) {
        TokenizerFile file = TokenizerFile.read(modelDirectoryOrTokenizerJson);
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
     * @throws dev.cairn.CairnException saying why it cannot be loaded
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
     * added. The spelling of a special token inside the text becomes that token. A surrogate
     * without its partner counts as U+FFFD.
     *
     * @throws dev.cairn.CairnException when the vocabulary has no token for a part of the text
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
     * which a model with spare embedding rows may produce, stand for no text. Bytes that are no
     * whole UTF-8 character become U+FFFD; {@link StreamingDetokenizer} puts characters together
     * that are spread over several tokens.
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
     * The UTF-8 bytes that a token stands for by itself, those of its spelling for a special token;
     * of a character that is divided over several tokens a part, none for an id without token.
     */
    public byte[] bytes(int token) {
        return tokenBytes().of(token);
    }

    private synchronized TokenBytes tokenBytes() {
        if (bytes == null) {
            bytes = TokenBytes.of(source);
        }
        return bytes;
    }

    /** Highest token id + 1: how many embedding rows a model needs at least. */
    public int vocabSize() {
        return vocabSize;
    }

    /** The id of a token by its exact spelling in the file, such as {@code <|endoftext|>}. */
    public OptionalInt tokenId(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
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

    /** Whether {@link #decode} looks at a token at all. */
    boolean standsForText(int token) {
        return token >= 0 && token < vocabSize && !special.contains(token);
    }
}
