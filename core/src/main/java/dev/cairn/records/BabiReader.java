package dev.cairn.records;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text format of the bAbI tasks (Weston et al., 2015): numbered lines that restart at 1
 * with every story. A question's line also holds its answer and the numbers of the supporting
 * lines, separated by tabs. The context of a question is every earlier statement of its story.
 */
public final class BabiReader {
    private static final Pattern LINE = Pattern.compile("(\\d{1,6}) +(.*)");

    private final TextFile file;
    private final List<BabiQuestion> questions = new ArrayList<>();
    private final SequencedMap<Integer, String> statements = new LinkedHashMap<>();
    private int number;
    private int line;

    private BabiReader(TextFile file) {
        this.file = file;
    }

    /** Whether {@code line} can be the first line of a bAbI file. */
    public static boolean looksLike(String line) {
        return LINE.matcher(line).matches();
    }

    /**
     * Reads a file.
     *
     * @throws CairnException if the file does not follow the format; names file and line
     */
    public static List<BabiQuestion> read(TextFile file) {
        BabiReader reader = new BabiReader(file);
        file.lines().forEach(reader::read);
        return reader.questions;
    }

    private void read(String text) {
        line++;
        if (text.isBlank()) {
            return;
        }
        Matcher matcher = LINE.matcher(text.strip());
        if (!matcher.matches()) {
            throw error(
                    "expected a line number and text, found '%s'"
                            .formatted(Excerpt.of(text.strip())));
        }
        startLine(Integer.parseInt(matcher.group(1)));
        String[] columns = matcher.group(2).split("\t", -1);
        if (columns.length == 1) {
            statements.put(number, columns[0].strip());
        } else {
            question(columns);
        }
    }

    private void startLine(int next) {
        if (next != 1 && (next != number + 1 || number == 0)) {
            throw error(
                    "expected line number %s, found %d"
                            .formatted(number == 0 ? "1" : number + 1 + " or 1", next));
        }
        if (next == 1) {
            statements.clear();
        }
        number = next;
    }

    private void question(String[] columns) {
        if (columns.length > 3) {
            throw error(
                    "expected question, answer and supporting lines, found %d columns"
                            .formatted(columns.length));
        }
        String question = columns[0].strip();
        String answer = columns[1].strip();
        if (question.isEmpty() || answer.isEmpty()) {
            throw error(question.isEmpty() ? "the question is empty" : "the answer is empty");
        }
        if (statements.isEmpty()) {
            throw error("expected at least one statement before the question");
        }
        List<String> facts = columns.length == 3 ? facts(columns[2].strip()) : List.of();
        questions.add(
                new BabiQuestion(line, List.copyOf(statements.values()), question, answer, facts));
    }

    private List<String> facts(String supporting) {
        List<String> facts = new ArrayList<>();
        for (String reference : supporting.isEmpty() ? new String[0] : supporting.split("\\s+")) {
            String statement =
                    reference.matches("\\d{1,6}")
                            ? statements.get(Integer.parseInt(reference))
                            : null;
            if (statement == null) {
                throw error(
                        "supporting line '%s' is not an earlier statement of this story"
                                .formatted(Excerpt.of(reference)));
            }
            facts.add(statement);
        }
        return facts;
    }

    private CairnException error(String problem) {
        return new CairnException("%s:%d: %s".formatted(file.path(), line, problem));
    }
}
