package dev.cairn.server.openai;

import dev.cairn.server.http.JsonFields;
import dev.cairn.text.completion.ModelCard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The object {@code cairn} of a request: what no other server knows.
 *
 * @param trace whether the answer says what every stage was asked and said
 * @param set texts of stages by name, which are then not run
 */
record CairnOptions(boolean trace, Map<String, String> set) {
    static CairnOptions read(JsonFields fields, ModelCard card) {
        JsonFields cairn = fields.object("cairn");
        if (cairn == null) {
            return new CairnOptions(false, Map.of());
        }
        cairn.onlyThese(List.of("set", "trace"));
        return new CairnOptions(cairn.flag("trace"), set(cairn, card));
    }

    private static Map<String, String> set(JsonFields cairn, ModelCard card) {
        JsonFields set = cairn.object("set");
        if (set == null) {
            return Map.of();
        }
        set.onlyThese(card.stages());
        Map<String, String> texts = new LinkedHashMap<>();
        for (String stage : card.stages()) {
            String text = set.text(stage);
            if (text != null) {
                texts.put(stage, text);
            }
        }
        return texts;
    }
}
