package dev.cairn.data.distill;

import dev.cairn.LineFile;
import java.nio.file.Path;

/**
 * Everything a teacher was asked and answered, a line of JSON each, in the order in which it came.
 * One process writes at a time.
 */
public final class TeacherFile implements AutoCloseable {
    private final LineFile lines;
    private final Answers answers = Answers.none();

    private TeacherFile(Path path) {
        lines = LineFile.open(path, (line, where) -> answers.add(ExchangeJson.parse(line, where)));
    }

    /**
     * Opens a file to add to, or begins one. A last line that was not written to its end is
     * dropped.
     *
     * @throws dev.cairn.CairnException when another process has it, it holds something else, or it
     *     cannot be read or written
     */
    public static TeacherFile open(Path path) {
        return new TeacherFile(path);
    }

    /** What it holds; grows with every line. */
    public Answers answers() {
        return answers;
    }

    /** Whether its last line was not written to its end, and was dropped. */
    public boolean wasHalf() {
        return lines.wasHalf();
    }

    /** Adds a line, on the disk before it counts as an answer. */
    void add(Exchange exchange) {
        lines.add(ExchangeJson.format(exchange));
        answers.add(exchange);
    }

    @Override
    public void close() {
        lines.close();
    }
}
