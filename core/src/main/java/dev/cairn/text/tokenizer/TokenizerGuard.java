package dev.cairn.text.tokenizer;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Keeps unusual files away from the native tokenizer library (Hugging Face's tokenizers as packaged
 * in DJL 0.38.0), because some of them crash the whole process, which no Java code can catch.
 * Accepts only the components and values that tokenizers of causal language models use.
 */
final class TokenizerGuard {
    private static final Set<String> NORMALIZERS =
            Set.of(
                    "Sequence",
                    "NFC",
                    "NFD",
                    "NFKC",
                    "NFKD",
                    "Replace",
                    "Prepend",
                    "Lowercase",
                    "Strip",
                    "StripAccents",
                    "Nmt",
                    "ByteLevel",
                    "BertNormalizer");
    private static final Set<String> PRE_TOKENIZERS =
            Set.of(
                    "Sequence",
                    "ByteLevel",
                    "Split",
                    "Metaspace",
                    "Digits",
                    "Whitespace",
                    "WhitespaceSplit",
                    "Punctuation",
                    "BertPreTokenizer",
                    "UnicodeScripts");
    private static final Set<String> DECODERS =
            Set.of(
                    "Sequence",
                    "ByteLevel",
                    "Replace",
                    "ByteFallback",
                    "Fuse",
                    "Strip",
                    "Metaspace",
                    "WordPiece",
                    "BPEDecoder");

    /** Maximum factor by which the normalizers may lengthen a text. */
    private static final long MAX_GROWTH = 64;

    private static final int MAX_PIECE = 64;

    private final Path file;
    private long growth = 1;

    private TokenizerGuard(Path file) {
        this.file = file;
    }

    /**
     * Checks a tokenizer.
     *
     * @throws CairnException if a key must not reach the library; the message names it
     */
    static void check(Path file, JsonNode root) {
        new TokenizerGuard(file).check(root);
    }

    private void check(JsonNode root) {
        part("normalizer", root.path("normalizer"), NORMALIZERS);
        part("pre_tokenizer", root.path("pre_tokenizer"), PRE_TOKENIZERS);
        part("decoder", root.path("decoder"), DECODERS);
        for (String affix : new String[] {"continuing_subword_prefix", "end_of_word_suffix"}) {
            JsonNode text = root.path("model").path(affix);
            if (root.path("model").path("merges").isArray()
                    && text.isString()
                    && !text.asString().isEmpty()) {
                throw refused("model." + affix, text);
            }
        }
    }

    private void part(String key, JsonNode part, Set<String> known) {
        if (part.isMissingNode() || part.isNull()) {
            return;
        }
        String type = part.path("type").asString("");
        if (!known.contains(type)) {
            throw refused(key + ".type", part.path("type"));
        }
        for (String children : new String[] {"normalizers", "pretokenizers", "decoders"}) {
            int i = 0;
            for (JsonNode child : part.path(children)) {
                part(key + "." + children + "[" + i++ + "]", child, known);
            }
        }
        values(key, part, type);
    }

    private void values(String key, JsonNode part, String type) {
        JsonNode pattern = part.path("pattern");
        for (JsonNode text : new JsonNode[] {part.path("content"), part.path("prepend")}) {
            if (text.asString("").length() > MAX_PIECE) {
                throw refused(key + ".content", text);
            }
        }
        if (pattern.has("String") && pattern.path("String").asString("").isEmpty()) {
            throw refused(key + ".pattern", pattern);
        }
        if (pattern.has("Regex") && !RegexGuard.isHarmless(pattern.path("Regex").asString(""))) {
            throw refused(key + ".pattern", pattern);
        }
        if (type.equals("Replace")) {
            int from = Math.max(1, pattern.path("String").asString("").length());
            growth *= Math.max(1, (part.path("content").asString("").length() + from - 1) / from);
            if (growth > MAX_GROWTH) {
                throw refused(key + ".content", part.path("content"));
            }
        }
        // The Strip normalizer does not have these keys.
        if (type.equals("Strip") && part.has("stop") && part.path("stop").asInt(1) != 0) {
            throw refused(key + ".stop", part.path("stop"));
        }
    }

    private CairnException refused(String key, JsonNode found) {
        String shown = found.toString();
        return TokenizerFile.broken(
                file,
                key
                        + ": not supported: "
                        + (shown.length() > MAX_PIECE
                                ? shown.substring(0, MAX_PIECE) + "..."
                                : shown),
                null);
    }
}
