package dev.cairn.server.openai;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.JsonFields;
import dev.cairn.text.completion.CompletionRequest.Input;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The field {@code prompt} of a completion: a text, a list of texts, a list of token ids, or a list
 * of those.
 */
final class PromptField {
    private static final int MOST_PROMPTS = 256;

    private static final String EXPECTED =
            "a string, a list of strings, a list of token ids, or a list of lists of token ids";

    private PromptField() {}

    static List<Input> read(JsonFields fields) {
        JsonNode node = fields.required("prompt", EXPECTED);
        if (node.isString()) {
            return List.of(text("prompt", node));
        }
        List<JsonFields.Element> elements = JsonFields.elements("prompt", node, EXPECTED);
        JsonNode first = elements.getFirst().node();
        if (first.isNumber()) {
            return List.of(tokens("prompt", node));
        }
        if (elements.size() > MOST_PROMPTS) {
            throw ApiException.badRequest(
                    "prompt",
                    "prompt: expected at most %d prompts, found %d"
                            .formatted(MOST_PROMPTS, elements.size()));
        }
        return elements.stream()
                .map(e -> first.isArray() ? tokens(e.path(), e.node()) : text(e.path(), e.node()))
                .toList();
    }

    private static Input text(String path, JsonNode node) {
        return new Input.Text(JsonFields.string(path, node));
    }

    private static Input tokens(String path, JsonNode node) {
        return new Input.Tokens(
                JsonFields.elements(path, node, "a list of at least one token id").stream()
                        .map(e -> (int) JsonFields.whole(e.path(), e.node(), 0, Integer.MAX_VALUE))
                        .toList());
    }
}
