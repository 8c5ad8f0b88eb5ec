package dev.cairn.eval.task;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The text format of the bAbI tasks (Weston et al., 2015). A record has {@code passage}, every
 * statement of the story before the question, each with its line break; {@code question}; and
 * {@code answer}.
 */
final class BabiRecords {
    private static final Pattern LINE = Pattern.compile("(\\d{1,6}) +(.*)");

    private final Path file;
    private final List<TaskRecord> records = new ArrayList<>();
    private StringBuilder passage = new StringBuilder();

    BabiRecords(Path file) {
        this.file = file;
    }

    List<TaskRecord> read(String text) {
        Iterator<String> lines = text.lines().iterator();
        for (int line = 1; lines.hasNext(); line++) {
            String one = lines.next();
            if (!one.isBlank()) {
                read(line, one);
            }
        }
        return records;
    }

    private void read(int line, String text) {
        Matcher matcher = LINE.matcher(text);
        if (!matcher.matches()) {
            throw new CairnException(
                    "%s:%d: expected a line number and a text, found %s"
                            .formatted(file, line, Shown.of(text)));
        }
        if (Integer.parseInt(matcher.group(1)) == 1) {
            passage = new StringBuilder();
        }
        String[] columns = matcher.group(2).split("\t", -1);
        if (columns.length == 1) {
            passage.append(columns[0].strip()).append('\n');
            return;
        }
        ObjectNode doc = JsonNodeFactory.instance.objectNode();
        doc.put("passage", passage.toString());
        doc.put("question", columns[0].strip());
        doc.put("answer", columns[1].strip());
        records.add(new TaskRecord(file, line, records.size() + 1, doc));
    }
}
