package dev.cairn.server.openai;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.JsonValue;
import dev.cairn.text.completion.CompletionRequest.Input;
import java.util.List;

/**
 * The field {@code prompt} of a completion: a text, a list of texts, a list of token ids, or a list
 * of such lists.
 */
final class PromptField {
    private static final int MAX_PROMPTS = 256;

    private static final String EXPECTED =
            "a string, a list of strings, a list of token ids, or a list of lists of token ids";

    private PromptField() {}

    static List<Input> read(JsonFields fields) {
        JsonValue prompt = fields.required("prompt", EXPECTED);
        if (prompt.isString()) {
            return List.of(text(prompt));
        }
        List<JsonValue> elements = prompt.elements(EXPECTED);
        JsonValue first = elements.getFirst();
        if (first.node().isNumber()) {
            return List.of(tokens(prompt));
        }
        if (elements.size() > MAX_PROMPTS) {
            throw ApiException.badRequest(
                    "prompt",
                    "prompt: expected at most %d prompts, found %d"
                            .formatted(MAX_PROMPTS, elements.size()));
        }
        boolean areTokens = first.node().isArray();
        return elements.stream().map(e -> areTokens ? tokens(e) : text(e)).toList();
    }

    private static Input text(JsonValue value) {
        return new Input.Text(value.string());
    }

    private static Input tokens(JsonValue value) {
        return new Input.Tokens(
                value.elements("a list of at least one token id").stream()
                        .map(id -> (int) id.integer(0, Integer.MAX_VALUE))
                        .toList());
    }
}
