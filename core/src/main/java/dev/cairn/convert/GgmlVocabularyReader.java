package dev.cairn.convert;

import dev.cairn.CairnException;
import dev.cairn.text.tokenizer.ChatTemplateFiles;
import dev.cairn.text.tokenizer.TokenizerFile;
import dev.cairn.text.tokenizer.ggml.GgmlVocabulary;
import dev.cairn.text.tokenizer.ggml.GgmlVocabulary.TokenType;
import dev.cairn.text.tokenizer.ggml.GgmlVocabularyWriter;
import dev.cairn.text.tokenizer.ggml.PreTokenizer;
import dev.cairn.text.tokenizer.ggml.SentencePieceMerges;
import dev.cairn.text.tokenizer.ggml.VocabularyKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the tokenizer of a Hugging Face directory as llama.cpp's own converter does. */
public final class GgmlVocabularyReader {
    private final Path directory;
    private final Path file;
    private final int vocabSize;
    private final JsonNode tokenizer;
    private final GgmlSpecialTokens special;
    private final Map<String, Integer> ids;
    private final Map<Integer, JsonNode> added = new HashMap<>();
    private final String[] tokens;

    /**
     * Reads the tokenizer of a model: from a GGUF file as it is, from a Hugging Face directory in
     * the form that llama.cpp gives it.
     *
     * @param vocabSize rows of the model's embedding; those without a token are marked as unused
     * @throws dev.cairn.CairnException when llama.cpp would tokenize text differently from this
     *     tokenizer, naming what it cannot do
     */
    public static GgmlVocabulary read(Path model, int vocabSize) {
        return Files.isDirectory(model)
                ? new GgmlVocabularyReader(model, vocabSize).read()
                : VocabularyKeys.read(model);
    }

    private GgmlVocabularyReader(Path directory, int vocabSize) {
        this.directory = directory;
        this.vocabSize = vocabSize;
        TokenizerFile read = TokenizerFile.read(directory);
        this.file = read.file();
        this.ids = read.ids();
        this.tokenizer = JsonMapper.shared().readTree(read.json());
        if (read.vocabSize() > vocabSize) {
            throw error(
                    "%d tokens, but the model has %d; they do not belong together"
                            .formatted(read.vocabSize(), vocabSize));
        }
        for (JsonNode token : tokenizer.path("added_tokens")) {
            refuseUnusual(token);
            added.put(token.path("id").asInt(), token);
        }
        this.special = new GgmlSpecialTokens(directory, tokenizer, ids, vocabSize, this::error);
        this.tokens = new String[vocabSize];
        ids.forEach((token, id) -> tokens[id] = token);
        // The spelling of an added token overrides the one in the vocabulary.
        added.forEach((id, token) -> tokens[id] = token.path("content").asString(""));
    }

    /** Rejects token properties that llama.cpp does not support for any model that Cairn knows. */
    private void refuseUnusual(JsonNode token) {
        for (String property : List.of("single_word", "lstrip", "rstrip")) {
            if (token.path(property).asBoolean(false)) {
                throw error(
                        "added token '%s' has %s, which GGUF cannot express"
                                .formatted(token.path("content").asString(""), property));
            }
        }
    }

    private GgmlVocabulary read() {
        JsonNode model = tokenizer.path("model");
        if (!model.path("type").asString("BPE").equals("BPE")) {
            throw error("a " + model.path("type") + " model, expected BPE");
        }
        for (String key : List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix")) {
            JsonNode value = model.path(key);
            if (!isAbsent(value) && !value.asString("x").isEmpty()) {
                throw error("model.%s is %s, which GGUF cannot express".formatted(key, value));
            }
        }
        return model.path("byte_fallback").asBoolean(false) ? sentencePiece() : byteLevel();
    }

    private GgmlVocabulary byteLevel() {
        PreTokenizer pre =
                PreTokenizer.of(tokenizer)
                        .orElseThrow(() ->
                                error(
                                        "llama.cpp has no name for its combination of normalizer, pre_tokenizer and ignore_merges: "
                                                + shown(tokenizer.path("normalizer"))
                                                + ", "
                                                + shown(tokenizer.path("pre_tokenizer"))));
        List<String> merges =
                merges().stream().map(pair -> pair.left() + " " + pair.right()).toList();
        int[] types = new int[vocabSize];
        for (int id = 0; id < vocabSize; id++) {
            JsonNode token = added.get(id);
            types[id] =
                    (tokens[id] == null
                                    ? TokenType.UNUSED
                                    : token == null ? TokenType.NORMAL : addedType(token))
                            .id();
        }
        return vocabulary(
                GgmlVocabulary.BYTE_LEVEL, pre.ggmlName(), types, merges, new float[0], false);
    }

    /**
     * Follows llama.cpp's converter, which treats some tokens as special that are not marked as
     * such.
     */
    private static TokenType addedType(JsonNode token) {
        String content = token.path("content").asString("");
        boolean looksSpecial = content.startsWith("<|") && content.endsWith("|>");
        return token.path("special").asBoolean(false) || looksSpecial
                ? TokenType.CONTROL
                : TokenType.USER_DEFINED;
    }

    private GgmlVocabulary sentencePiece() {
        boolean addSpacePrefix = spacePrefix();
        if (tokenizer.path("model").path("ignore_merges").asBoolean(false)) {
            throw error(
                    "model.ignore_merges is true, which GGUF cannot express for a SentencePiece model");
        }
        Integer unknown = special.unknown();
        int[] types = new int[vocabSize];
        Set<String> mergeable = new HashSet<>();
        for (int id = 0; id < vocabSize; id++) {
            TokenType type = pieceType(id, unknown);
            types[id] = type.id();
            if (type == TokenType.NORMAL) {
                mergeable.add(tokens[id]);
            }
        }
        Map<String, Float> scores =
                SentencePieceMerges.scores(merges(), mergeable)
                        .orElseThrow(() ->
                                error(
                                        "its merges are not those of a SentencePiece model: no scores have the same effect"));
        float[] byId = new float[vocabSize];
        for (int id = 0; id < vocabSize; id++) {
            byId[id] = scores.getOrDefault(tokens[id] == null ? "" : tokens[id], 0f);
        }
        return vocabulary(
                GgmlVocabulary.SENTENCE_PIECE, "default", types, List.of(), byId, addSpacePrefix);
    }

    private TokenType pieceType(int id, @Nullable Integer unknown) {
        JsonNode token = added.get(id);
        if (tokens[id] == null) {
            return TokenType.UNUSED;
        }
        if (unknown != null && unknown == id) {
            return TokenType.UNKNOWN;
        }
        if (tokens[id].matches("<0x[0-9A-F]{2}>")) {
            return TokenType.BYTE;
        }
        return token == null ? TokenType.NORMAL : addedType(token);
    }

    /** Whether a space is put before a text, which tokenizer.json can say in two ways. */
    private boolean spacePrefix() {
        JsonNode normalizer = tokenizer.path("normalizer");
        JsonNode pre = tokenizer.path("pre_tokenizer");
        List<String> steps = new ArrayList<>();
        if (normalizer.path("type").asString("").equals("Sequence")) {
            normalizer.path("normalizers").forEach(step -> steps.add(spaceStep(step)));
        } else if (normalizer.isObject()) {
            steps.add(spaceStep(normalizer));
        }
        if (pre.isObject()) {
            steps.add(spaceStep(pre));
        }
        if (steps.equals(List.of("prepend", "replace")) || steps.equals(List.of("both"))) {
            return true;
        }
        if (steps.equals(List.of("replace"))) {
            return false;
        }
        throw error(
                "llama.cpp does not know its normalizer and pre_tokenizer: "
                        + shown(normalizer)
                        + ", "
                        + shown(pre));
    }

    private static String spaceStep(JsonNode node) {
        String space = GgmlVocabularyWriter.SPACE;
        return switch (node.path("type").asString("")) {
            case "Prepend" -> node.path("prepend").asString("").equals(space) ? "prepend" : "?";
            case "Replace" ->
                    node.path("pattern").path("String").asString("").equals(" ")
                                    && node.path("content").asString("").equals(space)
                            ? "replace"
                            : "?";
            case "Metaspace" -> {
                if (!node.path("replacement").asString("").equals(space)
                        || node.path("split").asBoolean(true)) {
                    yield "?";
                }
                yield node.path("prepend_scheme").asString("always").equals("never")
                        ? "replace"
                        : "both";
            }
            default -> "?";
        };
    }

    /** Reads merges in both notations: one text with a space, or two texts. */
    private List<SentencePieceMerges.Pair> merges() {
        List<SentencePieceMerges.Pair> pairs = new ArrayList<>();
        for (JsonNode merge : tokenizer.path("model").path("merges")) {
            String text = merge.asString("");
            int space = text.indexOf(' ');
            String left =
                    merge.isArray()
                            ? merge.path(0).asString("")
                            : text.substring(0, Math.max(0, space));
            String right = merge.isArray() ? merge.path(1).asString("") : text.substring(space + 1);
            if (left.isEmpty() || right.isEmpty() || left.contains(" ") || right.contains(" ")) {
                throw error("merge %s is not a pair of tokens".formatted(shown(merge)));
            }
            pairs.add(new SentencePieceMerges.Pair(left, right));
        }
        return pairs;
    }

    private GgmlVocabulary vocabulary(
            String model,
            String pre,
            int[] types,
            List<String> merges,
            float[] scores,
            boolean addSpacePrefix) {
        List<String> named = new ArrayList<>();
        for (int id = 0; id < vocabSize; id++) {
            named.add(tokens[id] == null ? "[PAD" + id + "]" : tokens[id]);
        }
        Integer bos = special.id("bos");
        Integer eos = special.id("eos");
        return new GgmlVocabulary(
                model,
                pre,
                named,
                types,
                merges,
                scores,
                bos,
                eos,
                special.unknown(),
                special.id("pad"),
                special.begins("bos", bos),
                special.ends("eos", eos),
                addSpacePrefix,
                ChatTemplateFiles.read(directory)
                        .template()
                        .map(ChatTemplateFiles.Source::text)
                        .orElse(null));
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String shown(JsonNode node) {
        String json = node.toString().replaceAll("\\p{Cntrl}", "?");
        return json.length() <= 150 ? json : json.substring(0, 150) + "...";
    }

    private CairnException error(String problem) {
        return new CairnException(file + ": cannot be written as GGUF: " + problem);
    }
}
