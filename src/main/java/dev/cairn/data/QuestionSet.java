package dev.cairn.data;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Question sets on disk. Two formats are read, told apart by the first line that is not blank: JSON
 * lines, one {@link Question} each ({@code input} and {@code answer} are required), and the text
 * format of the bAbI tasks. JSON lines are written.
 */
public final class QuestionSet {
    private QuestionSet() {}

    /**
     * Every question of a file, or of the {@code .jsonl} and {@code .txt} files directly in a
     * directory, by file name.
     *
     * @throws CairnException naming file and line when a record is bad, or the file or directory
     *     when there is no question or when it cannot be read
     */
    public static List<Question> read(Path fileOrDirectory) {
        return read(fileOrDirectory, Integer.MAX_VALUE);
    }

    /**
     * The first questions of a file, or of each file of a directory.
     *
     * @param limit how many per file at most
     * @throws CairnException as {@link #read(Path)}
     */
    public static List<Question> read(Path fileOrDirectory, int limit) {
        var questions = new ArrayList<Question>();
        for (Path file : files(fileOrDirectory)) {
            List<Question> more = readFile(file);
            if (more.isEmpty()) {
                throw new CairnException(file + ": no question in this file");
            }
            questions.addAll(more.subList(0, Math.min(limit, more.size())));
        }
        requireDistinctIds(fileOrDirectory, questions);
        return List.copyOf(questions);
    }

    /**
     * Writes {@code questions} as JSON lines; {@code file} appears, or is replaced, only when
     * whole.
     *
     * @throws CairnException when there is no question or the file cannot be written
     */
    public static void write(Path file, List<Question> questions) {
        if (questions.isEmpty()) {
            throw new CairnException(file + ": no question to write; nothing was written");
        }
        String lines =
                questions.stream()
                        .map(question -> JsonlQuestions.format(question) + "\n")
                        .collect(Collectors.joining());
        AtomicFiles.writeString(file, lines);
    }

    private static List<Path> files(Path fileOrDirectory) {
        if (!Files.exists(fileOrDirectory)) {
            throw new CairnException(fileOrDirectory + ": no such file or directory");
        }
        if (!Files.isDirectory(fileOrDirectory)) {
            return List.of(fileOrDirectory);
        }
        try (Stream<Path> entries = Files.list(fileOrDirectory)) {
            List<Path> files = entries.filter(QuestionSet::isQuestionFile).sorted().toList();
            if (files.isEmpty()) {
                throw new CairnException(
                        fileOrDirectory
                                + ": no question file (*.jsonl or *.txt) in this directory");
            }
            return files;
        } catch (IOException e) {
            throw new CairnException(fileOrDirectory + ": cannot be listed (" + e + ")", e);
        }
    }

    private static boolean isQuestionFile(Path path) {
        String name = path.getFileName().toString();
        return Files.isRegularFile(path) && (name.endsWith(".jsonl") || name.endsWith(".txt"));
    }

    private static List<Question> readFile(Path file) {
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith("{")) {
                return JsonlQuestions.parse(file, lines);
            }
            if (BabiReader.looksLike(line)) {
                return BabiReader.parse(file, lines);
            }
            if (!line.isEmpty()) {
                throw new CairnException(
                        "%s:%d: expected a JSON object or a numbered bAbI line such as '1 …', found '%s'"
                                .formatted(file, i + 1, excerpt(line)));
            }
        }
        return List.of();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new CairnException(file + ": not UTF-8 text", e);
        } catch (IOException e) {
            throw new CairnException(file + ": cannot be read (" + e + ")", e);
        }
    }

    /** The beginning of {@code text}, short enough for a one-line message. */
    static String excerpt(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private static void requireDistinctIds(Path source, List<Question> questions) {
        Set<String> ids = new HashSet<>();
        for (Question question : questions) {
            if (!ids.add(question.id())) {
                throw new CairnException(
                        "%s: two questions have the id '%s'; ids must differ within a set"
                                .formatted(source, question.id()));
            }
        }
    }
}
