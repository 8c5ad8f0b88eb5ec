package dev.cairn.eval.task;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Comma-separated values (RFC 4180): a value in double quotes may hold commas, line breaks, which
 * stay as they are, and doubled double quotes. The first row names the fields; every row has as
 * many values.
 */
final class CsvRecords {
    private final Path file;
    private final String text;
    private int at;
    private int line = 1;

    CsvRecords(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    List<TaskRecord> read() {
        List<TaskRecord> records = new ArrayList<>();
        List<String> names = at < text.length() ? row() : List.of();
        while (at < text.length()) {
            int begin = line;
            List<String> values = row();
            if (values.size() != names.size()) {
                throw new CairnException(
                        "%s:%d: expected %d values (%s), found %d"
                                .formatted(
                                        file,
                                        begin,
                                        names.size(),
                                        String.join(", ", names),
                                        values.size()));
            }
            ObjectNode doc = JsonNodeFactory.instance.objectNode();
            for (int i = 0; i < names.size(); i++) {
                doc.put(names.get(i), values.get(i));
            }
            records.add(new TaskRecord(file, begin, records.size() + 1, doc));
        }
        return records;
    }

    private List<String> row() {
        List<String> values = new ArrayList<>();
        values.add(value());
        while (at < text.length() && text.charAt(at) == ',') {
            at++;
            values.add(value());
        }
        at += text.startsWith("\r\n", at) ? 2 : 1;
        line++;
        return values;
    }

    private String value() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int begin = at;
        while (!isEnd()) {
            at++;
        }
        return text.substring(begin, at);
    }

    /** Whether no more of a value without quotes comes. */
    private boolean isEnd() {
        return at >= text.length()
                || ",\n".indexOf(text.charAt(at)) >= 0
                || text.startsWith("\r\n", at);
    }

    private String quoted() {
        int begin = line;
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                value.append(c);
                line += c == '\n' ? 1 : 0;
            } else if (at < text.length() && text.charAt(at) == '"') {
                value.append('"');
                at++;
            } else if (isEnd()) {
                return value.toString();
            } else {
                break;
            }
        }
        throw new CairnException(
                "%s:%d: expected a value in double quotes to end at a comma or the line's end"
                        .formatted(file, begin));
    }
}
