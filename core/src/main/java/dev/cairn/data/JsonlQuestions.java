package dev.cairn.data;

import dev.cairn.records.DataRecord;
import dev.cairn.records.JsonRecords;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Writes and reads questions in Cairn's own form, as JSON records. */
final class JsonlQuestions {
    private static final Set<String> FIELDS = Set.of("id", "kind", "input", "answer", "stages");

    private JsonlQuestions() {}

    /** Formats a question as one line, without a line break. */
    static String format(Question question) {
        var record = new LinkedHashMap<String, Object>();
        record.put("id", question.id());
        record.put("kind", question.kind());
        record.put("input", question.input());
        record.put("answer", question.answer());
        record.put("stages", question.stages());
        return JsonRecords.JSON.writeValueAsString(record);
    }

    static Question question(DataRecord record) {
        for (String name : record.fields().propertyNames()) {
            if (!FIELDS.contains(name)) {
                throw record.error(
                        "unknown field '%s'; known are id, kind, input, answer, stages"
                                .formatted(name));
            }
        }
        return new Question(
                record.has("id") ? record.filledText("id") : record.id(),
                record.has("kind") ? record.filledText("kind") : "question",
                record.filledText("input"),
                record.filledText("answer"),
                stages(record));
    }

    static Map<String, String> stages(DataRecord record) {
        var stages = new LinkedHashMap<String, String>();
        if (!record.has("stages")) {
            return stages;
        }
        JsonNode node = record.fields().get("stages");
        if (!node.isObject()) {
            throw record.error(
                    "field 'stages' must be an object of texts, found " + node.getNodeType());
        }
        for (String name : node.propertyNames()) {
            stages.put(name, record.string(node.get(name), "stages." + name));
        }
        return stages;
    }
}
