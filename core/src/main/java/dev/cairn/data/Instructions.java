package dev.cairn.data;

import dev.cairn.records.DataRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** Reads records with an instruction and the input it applies to: Alpaca and its relatives. */
final class Instructions {
    private Instructions() {}

    /**
     * Reads one instruction.
     *
     * @param inputField may be missing, empty or null
     * @param outputField may be empty or null
     */
    static Question question(
            DataRecord record, String kind, String inputField, String outputField) {
        return question(
                record,
                record.id(),
                kind,
                record.textOrNothing(inputField),
                output(record, outputField));
    }

    /** Reads a record of self-instruct: an instruction with several inputs and outputs. */
    static List<Question> instances(DataRecord record) {
        var questions = new ArrayList<Question>();
        for (ObjectNode instance : record.objects("instances")) {
            var nested = new DataRecord(record.file(), record.line(), record.number(), instance);
            Context.refuse(nested);
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
            throw record.error("field 'instances' is empty");
        }
        return questions;
    }

    private static String output(DataRecord record, String field) {
        return record.fields().path(field).isNull() ? "" : record.text(field);
    }

    private static Question question(
            DataRecord record, String id, String kind, String input, String output) {
        String asked =
                Stream.of(record.text("instruction"), input)
                        .filter(Predicate.not(String::isBlank))
                        .collect(Collectors.joining("\n\n"));
        if (asked.isEmpty()) {
            throw record.error("field 'instruction' is empty");
        }
        return new Question(
                id,
                RecordKind.questionKind(record, kind),
                Conversation.input(record, asked),
                output,
                Map.of());
    }
}
