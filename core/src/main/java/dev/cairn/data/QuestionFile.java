package dev.cairn.data;

import dev.cairn.CairnException;
import dev.cairn.records.BabiReader;
import dev.cairn.records.DataRecord;
import dev.cairn.records.Excerpt;
import dev.cairn.records.JsonRecords;
import dev.cairn.records.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the questions of one file, whose format is recognised by its first line and first record.
 */
final class QuestionFile {
    /** Two questions with the same input and answer are duplicates. */
    record Exchange(String input, String answer) {}

    private final TextFile file;
    private final Set<Exchange> seen;
    private final List<Question> questions = new ArrayList<>();
    private @Nullable RecordKind kind;
    private int records;
    private int emptyOutputs;
    private int duplicates;
    private int untrained;

    private QuestionFile(TextFile file, Set<Exchange> seen) {
        this.file = file;
        this.seen = seen;
    }

    /**
     * Reads a file to its end.
     *
     * @param seen what the set's other files contain; this file's content is added
     * @throws CairnException naming the file and line of an invalid record, or the file when it
     *     cannot be read or has no question
     */
    static QuestionFile read(Path path, Set<Exchange> seen) {
        var reader = new QuestionFile(TextFile.read(path), seen);
        reader.read();
        if (reader.questions.isEmpty()) {
            LeftOut leftOut = reader.leftOut();
            throw new CairnException(
                    leftOut.isAny()
                            ? leftOut + "; no question remains"
                            : path + ": no question in this file");
        }
        return reader;
    }

    List<Question> questions() {
        return questions;
    }

    LeftOut leftOut() {
        return new LeftOut(file.path(), records, emptyOutputs, duplicates, untrained);
    }

    private void read() {
        Iterator<String> lines = file.lines().iterator();
        for (int number = 1; lines.hasNext(); number++) {
            String line = lines.next().strip();
            if (!line.isEmpty()) {
                read(line, number);
                return;
            }
        }
    }

    /** Reads the file in the format that its first non-blank line shows. */
    private void read(String line, int number) {
        if (line.startsWith("{") || line.startsWith("[")) {
            JsonRecords.read(file, this::add);
        } else if (BabiReader.looksLike(line)) {
            questions.addAll(BabiQuestions.read(file));
        } else {
            throw new CairnException(
                    "%s:%d: expected JSON records or a numbered bAbI line such as '1 …', found '%s'"
                            .formatted(file.path(), number, Excerpt.of(line)));
        }
    }

    private void add(DataRecord record) {
        if (kind == null) {
            kind = RecordKind.ofFirst(record);
        }
        List<Question> read = kind.questions(record);
        if (read.isEmpty()) {
            records++;
            untrained++;
        }
        for (Question question : read) {
            records++;
            if (question.answer().isBlank()) {
                emptyOutputs++;
            } else if (kind != RecordKind.CAIRN
                    && !seen.add(new Exchange(question.input(), question.answer()))) {
                duplicates++;
            } else {
                questions.add(question);
            }
        }
    }
}
