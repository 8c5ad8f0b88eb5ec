package dev.cairn.server.openai;

import dev.cairn.server.http.JsonFields;
import dev.cairn.text.completion.ModelCard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request's field {@code cairn}: options beyond OpenAI's API.
 *
 * @param trace whether the response shows every stage's prompt and output
 * @param set given texts by stage name; these stages do not run
 */
record CairnOptions(boolean trace, Map<String, String> set) {
    static CairnOptions read(JsonFields fields, ModelCard card) {
        JsonFields cairn = fields.object("cairn");
        if (cairn == null) {
            return new CairnOptions(false, Map.of());
        }
        cairn.allowOnly(List.of("set", "trace"));
        return new CairnOptions(cairn.bool("trace"), set(cairn, card));
    }

    private static Map<String, String> set(JsonFields cairn, ModelCard card) {
        JsonFields set = cairn.object("set");
        if (set == null) {
            return Map.of();
        }
        set.allowOnly(card.stages());
        Map<String, String> texts = new LinkedHashMap<>();
        for (String stage : card.stages()) {
            String text = set.string(stage);
            if (text != null) {
                texts.put(stage, text);
            }
        }
        return texts;
    }
}
