package dev.cairn.text.tokenizer;

import dev.cairn.CairnException;
import dev.cairn.format.Gguf;
import dev.cairn.text.tokenizer.ggml.GgufTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A model's chat template and the special tokens it may use, as read from its files.
 *
 * @param specialTokens spellings by name, such as {@code eos_token}
 */
public record ChatTemplateFiles(Optional<Source> template, Map<String, String> specialTokens) {
    static final String CONFIG = "tokenizer_config.json";
    static final String SPECIAL_TOKENS_MAP = "special_tokens_map.json";
    private static final String KEY = "chat_template";
    static final List<String> SPECIAL_TOKENS =
            List.of(
                    "bos_token",
                    "eos_token",
                    "unk_token",
                    "sep_token",
                    "pad_token",
                    "cls_token",
                    "mask_token");

    /** A template and the file it was read from. */
    public record Source(Path file, String text) {}

    /**
     * Reads a model's template and special tokens.
     *
     * @param model a Hugging Face directory or a GGUF file
     * @throws CairnException naming the file that is damaged
     */
    public static ChatTemplateFiles read(Path model) {
        return Gguf.isGguf(model) ? ofGguf(model) : ofDirectory(model);
    }

    private static ChatTemplateFiles ofGguf(Path file) {
        JsonNode config = GgufTokenizer.configJson(file);
        Map<String, String> tokens = new LinkedHashMap<>();
        specialTokens(file, config, tokens);
        return new ChatTemplateFiles(configured(file, config.path(KEY)), tokens);
    }

    private static ChatTemplateFiles ofDirectory(Path directory) {
        Path configFile = directory.resolve(CONFIG);
        JsonNode config = TextFiles.jsonIfExists(configFile);
        Path own = directory.resolve("chat_template.jinja");
        Optional<Source> template =
                Files.exists(own)
                        ? Optional.of(new Source(own, TextFiles.read(own)))
                        : configured(configFile, config.path(KEY));
        Map<String, String> tokens = new LinkedHashMap<>();
        specialTokens(configFile, config, tokens);
        // For models saved before tokenizer_config.json listed all added tokens, this file is the
        // source.
        if (!config.has("added_tokens_decoder")) {
            Path map = directory.resolve(SPECIAL_TOKENS_MAP);
            specialTokens(map, TextFiles.jsonIfExists(map), tokens);
        }
        return new ChatTemplateFiles(template, tokens);
    }

    private static Optional<Source> configured(Path file, JsonNode template) {
        if (template.isMissingNode() || template.isNull()) {
            return Optional.empty();
        }
        if (template.isString()) {
            return Optional.of(new Source(file, template.asString()));
        }
        for (JsonNode named : template) {
            if (named.path("name").asString("").equals("default")
                    && named.path("template").isString()) {
                return Optional.of(new Source(file, named.path("template").asString()));
            }
        }
        throw new CairnException(
                file
                        + ": "
                        + KEY
                        + ": expected a string, or a list of {name, template} with one entry named default");
    }

    /** A token is a text or an object with its text as {@code content}; null means none. */
    private static void specialTokens(Path file, JsonNode config, Map<String, String> tokens) {
        for (String name : SPECIAL_TOKENS) {
            JsonNode token = config.path(name);
            JsonNode text = token.isObject() ? token.path("content") : token;
            if (text.isString()) {
                tokens.put(name, text.asString());
            } else if (!token.isMissingNode() && !token.isNull()) {
                throw new CairnException(
                        file + ": " + name + ": expected a string or an object with content");
            }
        }
    }
}
