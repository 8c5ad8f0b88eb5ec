package dev.cairn.records;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads records of a fixed number of lines, one field per line. */
public final class LineRecords {
    private LineRecords() {}

    /**
     * Reads a file.
     *
     * @param fields names of the lines of a record, in order
     * @throws CairnException if the last record is incomplete; names the file
     */
    public static List<DataRecord> read(TextFile file, List<String> fields) {
        List<String> lines = file.lines().toList();
        if (lines.size() % fields.size() != 0) {
            throw new CairnException(
                    "%s: expected records of %d lines (%s), found %d lines"
                            .formatted(
                                    file.path(),
                                    fields.size(),
                                    String.join(", ", fields),
                                    lines.size()));
        }
        List<DataRecord> records = new ArrayList<>();
        for (int at = 0; at < lines.size(); at += fields.size()) {
            ObjectNode values = JsonNodeFactory.instance.objectNode();
            for (int i = 0; i < fields.size(); i++) {
                values.put(fields.get(i), lines.get(at + i));
            }
            records.add(new DataRecord(file.path(), at + 1, records.size() + 1, values));
        }
        return records;
    }
}
