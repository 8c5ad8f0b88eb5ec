package dev.cairn.text.tokenizer;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokens that the files beside {@code tokenizer.json} call special: a tokenizer may have them
 * in its vocabulary without listing them among its added tokens. Read as transformers 5 does.
 */
final class NamedTokens {
    private static final String DECODER = "added_tokens_decoder";
    private static final String[] LISTS = {"additional_special_tokens", "extra_special_tokens"};

    /**
     * The tokens by spelling, each in the form of {@code added_tokens}, with an id if it has one.
     */
    private final Map<String, ObjectNode> tokens = new LinkedHashMap<>();

    private NamedTokens() {}

    static Map<String, ObjectNode> read(@Nullable Path directory) {
        NamedTokens named = new NamedTokens();
        if (directory != null) {
            Path file = directory.resolve(ChatTemplateFiles.CONFIG);
            JsonNode config = TextFiles.jsonIfExists(file);
            config.path(DECODER)
                    .propertyStream()
                    .forEach(entry -> named.decoded(file, entry.getKey(), entry.getValue()));
            named.special(file, config);
            // For models saved before tokenizer_config.json listed all added tokens.
            if (!config.has(DECODER)) {
                Path map = directory.resolve(ChatTemplateFiles.SPECIAL_TOKENS_MAP);
                named.special(map, TextFiles.jsonIfExists(map));
            }
        }
        return named.tokens;
    }

    private void decoded(Path file, String id, JsonNode token) {
        if (!id.matches("[0-9]{1,9}")) {
            throw new CairnException(
                    "%s: %s: expected token ids, found %s"
                            .formatted(file, DECODER, Texts.shortened(id)));
        }
        ObjectNode added = added(file, DECODER, token);
        added.put("id", Integer.parseInt(id));
        added.put("special", token.path("special").asBoolean(false));
        tokens.put(added.path("content").asString(), added);
    }

    private void special(Path file, JsonNode config) {
        for (String name : ChatTemplateFiles.SPECIAL_TOKENS) {
            special(file, name, config.path(name));
        }
        for (String name : LISTS) {
            config.path(name).values().forEach(token -> special(file, name, token));
        }
    }

    private void special(Path file, String key, JsonNode token) {
        if (token.isMissingNode() || token.isNull()) {
            return;
        }
        ObjectNode added = added(file, key, token);
        tokens.computeIfAbsent(added.path("content").asString(), content -> added)
                .put("special", true);
    }

    private static ObjectNode added(Path file, String key, JsonNode token) {
        JsonNode content = token.isObject() ? token.path("content") : token;
        if (!content.isString()) {
            throw new CairnException(
                    file + ": " + key + ": expected a string or an object with content");
        }
        ObjectNode added = JsonNodeFactory.instance.objectNode();
        added.set("content", content);
        for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized"}) {
            added.put(flag, token.path(flag).asBoolean(false));
        }
        return added;
    }
}
