package dev.cairn.data.distill;

import dev.cairn.support.LineFile;
import java.nio.file.Path;

/**
 * A file of all requests to a teacher with their outcomes, one line of JSON each, in the order in
 * which they were made. Only one process at a time can write to it.
 */
public final class TeacherFile implements AutoCloseable {
    private final LineFile lines;
    private final Answers answers = Answers.none();

    private TeacherFile(Path path) {
        lines = LineFile.open(path, (line, where) -> answers.add(ExchangeJson.parse(line, where)));
    }

    /**
     * Opens a file for appending; creates it if it is missing. An incomplete last line is dropped.
     *
     * @throws dev.cairn.CairnException when another process has it open, it holds something else,
     *     or it cannot be read or written
     */
    public static TeacherFile open(Path path) {
        return new TeacherFile(path);
    }

    /** The answers in the file; grows with every line. */
    public Answers answers() {
        return answers;
    }

    /** Whether the file's last line was incomplete and was dropped. */
    public boolean wasHalf() {
        return lines.wasHalf();
    }

    /** Appends a line, which is on disk before it counts as an answer. */
    void add(Exchange exchange) {
        lines.add(ExchangeJson.format(exchange));
        answers.add(exchange);
    }

    @Override
    public void close() {
        lines.close();
    }
}
