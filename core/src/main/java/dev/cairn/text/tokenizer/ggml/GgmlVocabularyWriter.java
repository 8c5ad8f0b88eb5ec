package dev.cairn.text.tokenizer.ggml;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.tokenizer.ggml.GgmlVocabulary.TokenType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the tokenizer of a GGUF file in the form that Hugging Face's libraries read. */
public final class GgmlVocabularyWriter {
    /** SentencePiece's sign for a space. */
    public static final String SPACE = "\u2581";

    /**
     * SentencePiece's own pieces have at most 16 characters; far longer ones are a sign of damage.
     */
    private static final int MAX_TOKEN_LENGTH = 1024;

    private final GgmlVocabulary vocabulary;
    private final Path source;

    GgmlVocabularyWriter(GgmlVocabulary vocabulary, Path source) {
        this.vocabulary = vocabulary;
        this.source = source;
    }

    void write(Path directory) {
        GgufTokenizer tokenizer = tokenizer();
        AtomicFiles.writeString(directory.resolve("tokenizer.json"), tokenizer.prettyJson() + "\n");
        AtomicFiles.writeString(
                directory.resolve("tokenizer_config.json"),
                TokenizerConfigJson.of(vocabulary).toPrettyString() + "\n");
    }

    GgufTokenizer tokenizer() {
        check();
        return new GgufTokenizer(outline(), vocab(), merges());
    }

    private void check() {
        int size = vocabulary.tokens().size();
        if (vocabulary.types().length != size) {
            throw error("token_type", size + " numbers, found " + vocabulary.types().length);
        }
        if (isSentencePiece() && vocabulary.scores().length != size) {
            throw error("scores", size + " numbers, found " + vocabulary.scores().length);
        }
        checkId("bos_token_id", vocabulary.bos(), vocabulary.addBos());
        checkId("eos_token_id", vocabulary.eos(), vocabulary.addEos());
        checkId("unknown_token_id", vocabulary.unknown(), false);
        checkId("padding_token_id", vocabulary.padding(), false);
        for (int id = 0; id < size; id++) {
            String token = vocabulary.tokens().get(id);
            if (token.isEmpty() || token.length() > MAX_TOKEN_LENGTH) {
                throw error(
                        "tokens[" + id + "]",
                        "1 to %d characters, found %d".formatted(MAX_TOKEN_LENGTH, token.length()));
            }
        }
    }

    private void checkId(String key, @Nullable Integer id, boolean isNeeded) {
        int size = vocabulary.tokens().size();
        if (id == null ? isNeeded : id < 0 || id >= size) {
            throw error(key, "a token id below %d, found %s".formatted(size, id));
        }
    }

    private boolean isSentencePiece() {
        return vocabulary.model().equals(GgmlVocabulary.SENTENCE_PIECE);
    }

    private boolean isUnused(int id) {
        return vocabulary.types()[id] == TokenType.UNUSED.id();
    }

    /** The file without tokens and merges, which are too many for a tree. */
    private ObjectNode outline() {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        root.set("added_tokens", addedTokens());
        if (isSentencePiece()) {
            describeSpaces(root);
            root.set("post_processor", postProcessor());
            root.set("decoder", pieceDecoder());
            root.set("model", pieces());
        } else if (vocabulary.model().equals(GgmlVocabulary.BYTE_LEVEL)) {
            PreTokenizer pre =
                    PreTokenizer.named(vocabulary.pre())
                            .orElseThrow(() ->
                                    error(
                                            "pre",
                                            "one of "
                                                    + PreTokenizer.allNames()
                                                    + ", found '"
                                                    + vocabulary.pre()
                                                    + "'"));
            pre.describe(root);
            root.set("post_processor", postProcessor());
            PreTokenizer.byteLevel(root.putObject("decoder"), true);
            root.set("model", byteLevel(pre));
        } else {
            throw error("model", "gpt2 or llama, found '" + vocabulary.model() + "'");
        }
        return root;
    }

    private ArrayNode addedTokens() {
        ArrayNode added = JsonMapper.shared().createArrayNode();
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            int type = vocabulary.types()[id];
            boolean isSpecial = type == TokenType.CONTROL.id() || type == TokenType.UNKNOWN.id();
            if (isSpecial || type == TokenType.USER_DEFINED.id()) {
                added.addObject()
                        .put("id", id)
                        .put("content", vocabulary.tokens().get(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", isSpecial);
            }
        }
        return added;
    }

    /**
     * All tokens, added ones too: Hugging Face's library gives other ids to those not listed here.
     */
    private Map<String, Integer> vocab() {
        Map<String, Integer> vocab = LinkedHashMap.newLinkedHashMap(vocabulary.tokens().size());
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            Integer twin = isUnused(id) ? null : vocab.put(vocabulary.tokens().get(id), id);
            if (twin != null) {
                throw error(
                        "tokens[" + id + "]", "a string other than that of tokens[" + twin + "]");
            }
        }
        return vocab;
    }

    private List<String> merges() {
        if (isSentencePiece()) {
            return pieceMerges();
        }
        for (String merge : vocabulary.merges()) {
            int space = merge.indexOf(' ');
            if (space <= 0 || space == merge.length() - 1 || merge.indexOf(' ', space + 1) >= 0) {
                throw error("merges", "two tokens with a space between, found '" + merge + "'");
            }
        }
        return vocabulary.merges();
    }

    private List<String> pieceMerges() {
        List<String> pieces = new ArrayList<>();
        float[] scores = new float[vocabulary.tokens().size()];
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            if (vocabulary.types()[id] == TokenType.NORMAL.id()) {
                scores[pieces.size()] = vocabulary.scores()[id];
                pieces.add(vocabulary.tokens().get(id));
            }
        }
        return SentencePieceMerges.merges(pieces, scores);
    }

    private ObjectNode bpe() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("type", "BPE")
                .putNull("dropout")
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix");
    }

    private ObjectNode byteLevel(PreTokenizer pre) {
        return bpe().putNull("unk_token")
                .put("fuse_unk", false)
                .put("byte_fallback", false)
                .put("ignore_merges", pre.ignoresMerges());
    }

    private ObjectNode pieces() {
        Integer unknown = vocabulary.unknown();
        return bpe().put("unk_token", unknown == null ? null : vocabulary.tokens().get(unknown))
                .put("fuse_unk", true)
                .put("byte_fallback", true)
                .put("ignore_merges", false);
    }

    private void describeSpaces(ObjectNode root) {
        ObjectNode normalizer = root.putObject("normalizer").put("type", "Sequence");
        ArrayNode steps = normalizer.putArray("normalizers");
        if (vocabulary.addSpacePrefix()) {
            steps.addObject().put("type", "Prepend").put("prepend", SPACE);
        }
        replace(steps.addObject(), " ", SPACE);
        root.putNull("pre_tokenizer");
    }

    private static void replace(ObjectNode step, String pattern, String content) {
        step.put("type", "Replace").putObject("pattern").put("String", pattern);
        step.put("content", content);
    }

    private ObjectNode pieceDecoder() {
        ObjectNode decoder = JsonMapper.shared().createObjectNode().put("type", "Sequence");
        ArrayNode steps = decoder.putArray("decoders");
        replace(steps.addObject(), SPACE, " ");
        steps.addObject().put("type", "ByteFallback");
        steps.addObject().put("type", "Fuse");
        if (vocabulary.addSpacePrefix()) {
            steps.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        return decoder;
    }

    private @Nullable ObjectNode postProcessor() {
        if (!vocabulary.addBos() && !vocabulary.addEos()) {
            return null;
        }
        ObjectNode processor =
                JsonMapper.shared().createObjectNode().put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        ArrayNode pair = processor.putArray("pair");
        ObjectNode specials = JsonMapper.shared().createObjectNode();
        text(single, pair, "A", 0, specials);
        text(pair, pair, "B", 1, specials);
        processor.set("special_tokens", specials);
        return processor;
    }

    /**
     * Adds one text with its surrounding tokens to the template of a single text and that of a
     * pair.
     */
    private void text(
            ArrayNode single, ArrayNode pair, String name, int typeId, ObjectNode specials) {
        for (ArrayNode template :
                single == pair ? new ArrayNode[] {pair} : new ArrayNode[] {single, pair}) {
            if (vocabulary.addBos()) {
                special(template, vocabulary.bos(), typeId, specials);
            }
            template.addObject().putObject("Sequence").put("id", name).put("type_id", typeId);
            if (vocabulary.addEos()) {
                special(template, vocabulary.eos(), typeId, specials);
            }
        }
    }

    private void special(
            ArrayNode template, @Nullable Integer id, int typeId, ObjectNode specials) {
        String token = name(id);
        template.addObject().putObject("SpecialToken").put("id", token).put("type_id", typeId);
        ObjectNode special = specials.putObject(token).put("id", token);
        special.putArray("ids").add(id == null ? 0 : id);
        special.putArray("tokens").add(token);
    }

    private @Nullable String name(@Nullable Integer id) {
        return id == null ? null : vocabulary.tokens().get(id);
    }

    private CairnException error(String key, String expected) {
        return new CairnException(
                "%s: key 'tokenizer.ggml.%s': expected %s"
                        .formatted(source, key, expected)
                        .replaceAll("\\p{Cntrl}", "?"));
    }
}
