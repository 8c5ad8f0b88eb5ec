package dev.cairn.data;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A question set read from disk. Formats are recognised by content: JSON records in Cairn's own
 * form or that of another project, one per line or in one array, and the text format of the bAbI
 * tasks. Question sets are written as JSON lines in Cairn's own form.
 *
 * @param questions in the order of the files and their records
 * @param leftOut one entry for each file from which records were left out
 */
public record QuestionSet(List<Question> questions, List<LeftOut> leftOut) {
    private static final List<String> TO_TRAIN_ON = List.of("train");
    private static final List<String> TO_ASK = List.of("test", "valid");

    public QuestionSet {
        questions = List.copyOf(questions);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * The questions to train on in a file or a directory. In a directory these are {@code
     * train.jsonl} or {@code train.json}. If it has no {@code train}, {@code valid} or {@code test}
     * at all, they are the {@code .jsonl}, {@code .json} and {@code .txt} files directly in it,
     * sorted by name.
     *
     * @throws CairnException naming the file and line of an invalid record, or the file or
     *     directory when it has no question or cannot be read
     */
    public static QuestionSet load(Path fileOrDirectory) {
        return load(fileOrDirectory, TO_TRAIN_ON, Integer.MAX_VALUE);
    }

    /**
     * The questions to evaluate on in a file or a directory: like {@link #load}, but from a divided
     * directory {@code test}, or {@code valid} if there is none.
     *
     * @param limit maximum number of questions per file
     * @throws CairnException as {@link #load}
     */
    public static QuestionSet loadToAsk(Path fileOrDirectory, int limit) {
        return load(fileOrDirectory, TO_ASK, limit);
    }

    /**
     * The files that {@link #load} reads.
     *
     * @throws CairnException if there are none
     */
    public static List<Path> filesToTrainOn(Path fileOrDirectory) {
        return QuestionFiles.of(fileOrDirectory, TO_TRAIN_ON);
    }

    private static QuestionSet load(Path fileOrDirectory, List<String> parts, int limit) {
        var questions = new ArrayList<Question>();
        var leftOut = new ArrayList<LeftOut>();
        var seen = new HashSet<QuestionFile.Exchange>();
        for (Path path : QuestionFiles.of(fileOrDirectory, parts)) {
            QuestionFile file = QuestionFile.read(path, seen);
            List<Question> more = file.questions();
            questions.addAll(more.subList(0, Math.min(limit, more.size())));
            if (file.leftOut().isAny()) {
                leftOut.add(file.leftOut());
            }
        }
        requireDistinctIds(fileOrDirectory, questions);
        return new QuestionSet(questions, leftOut);
    }

    /**
     * Writes {@code questions} as JSON lines; {@code file} appears, or is replaced, only once it is
     * complete.
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
