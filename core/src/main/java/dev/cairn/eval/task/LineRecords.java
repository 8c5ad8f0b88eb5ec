package dev.cairn.eval.task;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Records of so many lines, one field a line. */
final class LineRecords {
    private LineRecords() {}

    static List<TaskRecord> read(Path file, String text, List<String> fields) {
        List<String> lines = text.lines().toList();
        if (lines.size() % fields.size() != 0) {
            throw new CairnException(
                    "%s: expected records of %d lines (%s), found %d lines"
                            .formatted(
                                    file, fields.size(), String.join(", ", fields), lines.size()));
        }
        List<TaskRecord> records = new ArrayList<>();
        for (int at = 0; at < lines.size(); at += fields.size()) {
            ObjectNode doc = JsonNodeFactory.instance.objectNode();
            for (int i = 0; i < fields.size(); i++) {
                doc.put(fields.get(i), lines.get(at + i));
            }
            records.add(new TaskRecord(file, at + 1, records.size() + 1, doc));
        }
        return records;
    }
}
