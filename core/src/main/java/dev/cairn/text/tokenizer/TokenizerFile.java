package dev.cairn.text.tokenizer;

import dev.cairn.CairnException;
import dev.cairn.format.Gguf;
import dev.cairn.text.tokenizer.ggml.GgufTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parts of a {@code tokenizer.json} that Cairn itself reads; the native library reads the rest.
 *
 * @param file the file it was read from, which may be a GGUF file
 * @param json the file's text, with the special tokens that the files beside it name; or what a
 *     GGUF file's vocabulary is in this form
 * @param ids every token's id
 * @param special ids of the tokens without text, such as the end-of-text token
 * @param vocabSize highest id + 1
 * @param leading ids of the special tokens that are read before a text
 * @param spelling how tokens stand for bytes
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared as a value
public record TokenizerFile(
        Path file,
        String json,
        Map<String, Integer> ids,
        Set<Integer> special,
        int vocabSize,
        int[] leading,
        Spelling spelling) {
    /**
     * How tokens stand for bytes.
     *
     * @param added ids of the tokens that are spelled literally
     * @param isByteLevel whether the others have a character for each byte
     */
    public record Spelling(Set<Integer> added, boolean isByteLevel) {}

    public static final String NAME = "tokenizer.json";

    /** Far above the largest known vocabulary; bounds everything that is allocated per id. */
    private static final int MAX_VOCABULARY = 1 << 24;

    public static TokenizerFile read(Path path) {
        return read(path, MAX_VOCABULARY);
    }

    /**
     * Reads a file with another limit on ids.
     *
     * @param maxVocabulary exclusive upper limit of the ids
     */
    static TokenizerFile read(Path path, int maxVocabulary) {
        Path file = Files.isDirectory(path) ? path.resolve(NAME) : path;
        if (Gguf.isGguf(file)) {
            GgufTokenizer tokenizer = GgufTokenizer.read(file);
            Map<String, Integer> ids = new HashMap<>(tokenizer.vocab());
            return of(file, tokenizer.json(), tokenizer.outline(), ids, maxVocabulary);
        }
        String json = readText(file);
        ObjectNode root = parse(file, json);
        Map<String, Integer> ids = new HashMap<>();
        IdReader reader = new IdReader(file, maxVocabulary);
        readVocabulary(reader, root.path("model").path("vocab"), ids);
        boolean isChanged =
                AddedTokens.complete(
                        root, NamedTokens.read(file.toAbsolutePath().getParent()), ids);
        isChanged |= removeDropout(root);
        return of(file, isChanged ? root.toString() : json, root, ids, maxVocabulary);
    }

    /**
     * @param root the file's content; its vocabulary may be missing
     * @param ids the vocabulary, to which the added tokens are added
     */
    private static TokenizerFile of(
            Path file, String json, JsonNode root, Map<String, Integer> ids, int maxVocabulary) {
        TokenizerGuard.check(file, root);
        IdReader reader = new IdReader(file, maxVocabulary);
        JsonNode added = root.path("added_tokens");
        added.forEach(token -> reader.id("added_tokens", token.path("id")));
        AddedTokens.checkIds(file, added, ids);
        Set<Integer> special = new HashSet<>();
        Set<Integer> literal = new HashSet<>();
        for (JsonNode token : added) {
            int id = token.path("id").asInt();
            literal.add(id);
            ids.put(token.path("content").asString(""), id);
            if (token.path("special").asBoolean(false)) {
                special.add(id);
            }
        }
        checkUnique(file, ids);
        int highest = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        if (highest < 0) {
            throw broken(file, "model.vocab holds no tokens", null);
        }
        return new TokenizerFile(
                file,
                json,
                Collections.unmodifiableMap(ids),
                Set.copyOf(special),
                highest + 1,
                LeadingTokens.of(root.path("post_processor")),
                new Spelling(literal, root.path("decoder").toString().contains("\"ByteLevel\"")));
    }

    /**
     * Dropout of merges is for training, but the native library applies it to every text: the same
     * text would become other tokens each time.
     */
    private static boolean removeDropout(ObjectNode root) {
        if (root.path("model") instanceof ObjectNode model && model.path("dropout").isNumber()) {
            model.putNull("dropout");
            return true;
        }
        return false;
    }

    /** If two tokens shared an id, it would be unclear which one a model means. */
    private static void checkUnique(Path file, Map<String, Integer> ids) {
        BitSet seen = new BitSet();
        for (int id : ids.values()) {
            if (seen.get(id)) {
                throw broken(file, "id %d belongs to two tokens".formatted(id), null);
            }
            seen.set(id);
        }
    }

    private static String readText(Path file) {
        if (!Files.exists(file)) {
            throw new CairnException(file + ": no such file; a model directory needs its " + NAME);
        }
        return TextFiles.read(file);
    }

    private static ObjectNode parse(Path file, String json) {
        try {
            if (TextFiles.MAPPER.readTree(json) instanceof ObjectNode root) {
                return root;
            }
            throw broken(file, "expected a JSON object", null);
        } catch (JacksonException e) {
            throw broken(file, "not valid JSON" + TextFiles.place(e), e);
        }
    }

    /** BPE, WordPiece and WordLevel map tokens to ids; Unigram lists [token, score] pairs. */
    private static void readVocabulary(IdReader reader, JsonNode vocab, Map<String, Integer> ids) {
        if (vocab.isArray()) {
            for (int i = 0; i < vocab.size(); i++) {
                ids.put(vocab.get(i).path(0).asString(""), i);
            }
        } else if (vocab.isObject()) {
            vocab.properties()
                    .forEach(e -> ids.put(e.getKey(), reader.id("model.vocab", e.getValue())));
        } else {
            throw broken(reader.file(), "model.vocab is missing", null);
        }
    }

    /** Checks ids as they are read from the file. */
    private record IdReader(Path file, int maxVocabulary) {
        int id(String field, JsonNode id) {
            if (!id.isInt() || id.asInt() < 0 || id.asInt() >= maxVocabulary) {
                throw broken(
                        file,
                        field
                                + " has an id that is not a number from 0 to "
                                + (maxVocabulary - 1)
                                + ": "
                                + Texts.shortened(id.toString()),
                        null);
            }
            return id.asInt();
        }
    }

    static CairnException broken(Path file, String what, @Nullable Throwable cause) {
        return new CairnException(
                file + ": not a usable tokenizer: " + what + "; fetch or train it again", cause);
    }
}
