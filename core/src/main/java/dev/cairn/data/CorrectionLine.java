package dev.cairn.data;

import dev.cairn.CairnException;
import dev.cairn.records.DataRecord;
import dev.cairn.records.JsonRecords;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes and reads corrections as lines: Cairn's own form of a question plus the field {@code
 * stage}.
 */
final class CorrectionLine {
    private static final Set<String> FIELDS =
            Set.of("id", "kind", "stage", "input", "answer", "stages");

    private CorrectionLine() {}

    /** Formats a correction as one line, without a line break. */
    static String format(CorrectedText correction, String id) {
        Question question = correction.question(id);
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("id", id);
        record.put("kind", question.kind());
        record.put("stage", correction.stage());
        record.put("input", question.input());
        if (!question.answer().isEmpty()) {
            record.put("answer", question.answer());
        }
        record.put("stages", question.stages());
        return JsonRecords.JSON.writeValueAsString(record);
    }

    /**
     * Reads a line.
     *
     * @param number of the line, from 1
     * @throws CairnException naming file and line when it is not a correction
     */
    static CorrectedText parse(Path file, int number, String line) {
        ObjectNode node = json(line, file + ":" + number);
        DataRecord record = new DataRecord(file, number, number, node);
        for (String name : node.propertyNames()) {
            if (!FIELDS.contains(name)) {
                throw record.error(
                        "unknown field '%s'; known are id, kind, stage, input, answer, stages"
                                .formatted(name));
            }
        }
        String stage = record.filledText("stage");
        Map<String, String> texts = JsonlQuestions.stages(record);
        if (!texts.containsKey(stage)) {
            throw record.error("field 'stages' has no text for the stage '%s'".formatted(stage));
        }
        String text = Objects.requireNonNull(texts.remove(stage));
        String answer = record.has("answer") ? record.text("answer") : "";
        return new CorrectedText(stage, record.filledText("input"), texts, text, answer);
    }

    private static ObjectNode json(String line, String where) {
        try {
            if (JsonRecords.JSON.readTree(line) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new CairnException(
                    where + ": not valid JSON: " + e.getOriginalMessage() + "; delete the line", e);
        }
        throw new CairnException(where + ": expected a JSON object; delete the line");
    }
}
