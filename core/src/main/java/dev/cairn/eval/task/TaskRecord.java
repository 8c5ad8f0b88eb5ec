package dev.cairn.eval.task;

import dev.cairn.CairnException;
import dev.cairn.records.FileNames;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/**
 * A record of a data file.
 *
 * @param line its first line, from 1
 * @param number its number in the file, from 1
 */
record TaskRecord(Path file, int line, int number, ObjectNode doc) {
    /** Its id among all records of a task. */
    String id() {
        return "%s-%06d".formatted(FileNames.stem(file), number);
    }

    /** An error that names file, line and item. */
    CairnException error(String problem) {
        return new CairnException("%s:%d: item %s: %s".formatted(file, line, id(), problem));
    }

    CairnException error(CairnException cause) {
        return new CairnException(
                "%s:%d: item %s: %s".formatted(file, line, id(), cause.getMessage()), cause);
    }
}
