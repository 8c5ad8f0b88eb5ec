package dev.cairn.data;

import dev.cairn.records.JsonRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Records with an instruction, and what it is to be applied to: Alpaca and its relatives. */
final class Instructions {
    private Instructions() {}

    /**
     * One instruction.
     *
     * @param inputField may be missing, empty or null
     * @param outputField may be empty or null
     */
    static Question question(
            JsonRecord record, String kind, String inputField, String outputField) {
        return question(
                record,
                record.id(),
                kind,
                record.textOrNothing(inputField),
                output(record, outputField));
    }

    /** Self-instruct's records: an instruction with several inputs and outputs. */
    static List<Question> instances(JsonRecord record) {
        var questions = new ArrayList<Question>();
        for (JsonNode instance : record.objects("instances")) {
            var nested = new JsonRecord(record.file(), record.line(), record.number(), instance);
            String id = record.id() + (questions.isEmpty() ? "" : "-" + (questions.size() + 1));
            questions.add(
                    question(
                            record,
                            id,
                            "self-instruct",
                            nested.textOrNothing("input"),
                            output(nested, "output")));
        }
        if (questions.isEmpty()) {
            throw record.bad("field 'instances' is empty");
        }
        return questions;
    }

    private static String output(JsonRecord record, String field) {
        return record.fields().path(field).isNull() ? "" : record.text(field);
    }

    private static Question question(
            JsonRecord record, String id, String kind, String input, String output) {
        String asked =
                Stream.of(record.text("instruction"), input)
                        .filter(Predicate.not(String::isBlank))
                        .collect(Collectors.joining("\n\n"));
        if (asked.isEmpty()) {
            throw record.bad("field 'instruction' is empty");
        }
        return new Question(id, record.kind(kind), asked, output, Map.of());
    }
}
