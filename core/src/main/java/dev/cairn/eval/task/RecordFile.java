package dev.cairn.eval.task;

import dev.cairn.CairnException;
import dev.cairn.records.BabiQuestion;
import dev.cairn.records.BabiReader;
import dev.cairn.records.CsvRecords;
import dev.cairn.records.DataRecord;
import dev.cairn.records.JsonRecords;
import dev.cairn.records.LineRecords;
import dev.cairn.records.TextFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads the records of a data file. */
final class RecordFile {
    private RecordFile() {}

    /**
     * All records of a file.
     *
     * @param fields names of the lines of a record; only for {@link FileFormat#LINES}
     * @throws CairnException if a record is invalid; the message names file and line
     */
    static List<TaskRecord> read(Path file, FileFormat format, List<String> fields) {
        if (!Files.exists(file)) {
            throw new CairnException(
                            file
                                    + ": cannot be read: no such file or directory; check the path of the data")
                    .suggesting("data");
        }
        TextFile text = TextFile.read(file);
        List<TaskRecord> records = new ArrayList<>();
        switch (format) {
            case JSON -> JsonRecords.read(text, record -> add(records, record));
            case CSV -> CsvRecords.read(text).forEach(record -> add(records, record));
            case LINES -> LineRecords.read(text, fields).forEach(record -> add(records, record));
            case BABI ->
                    BabiReader.read(text)
                            .forEach(one -> add(records, file, one.line(), fields(one)));
        }
        if (records.isEmpty()) {
            throw new CairnException(file + ": expected at least one record, found none");
        }
        return records;
    }

    private static void add(List<TaskRecord> records, DataRecord record) {
        add(records, record.file(), record.line(), record.fields());
    }

    private static void add(List<TaskRecord> records, Path file, int line, ObjectNode fields) {
        records.add(new TaskRecord(file, line, records.size() + 1, fields));
    }

    /**
     * {@code passage}, every statement of the story before the question, each with its line break;
     * {@code question}; and {@code answer}.
     */
    private static ObjectNode fields(BabiQuestion question) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("passage", String.join("\n", question.statements()) + "\n")
                .put("question", question.question())
                .put("answer", question.answer());
    }
}
