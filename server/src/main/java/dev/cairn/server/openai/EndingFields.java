package dev.cairn.server.openai;

import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.JsonValue;
import dev.cairn.text.completion.Ending;
import java.util.List;

/** Reads vLLM's fields about the end of a text and what is shown of it. */
final class EndingFields {
    private EndingFields() {}

    static Ending read(JsonFields fields) {
        return new Ending(
                stopTokenIds(fields),
                fields.bool("include_stop_str_in_output"),
                fields.get("skip_special_tokens") != null && !fields.bool("skip_special_tokens"));
    }

    private static List<Integer> stopTokenIds(JsonFields fields) {
        JsonValue ids = fields.get("stop_token_ids");
        return ids == null || ids.isEmptyList()
                ? List.of()
                : ids.elements("a list of token ids").stream()
                        .map(id -> (int) id.integer(0, Integer.MAX_VALUE))
                        .toList();
    }
}
