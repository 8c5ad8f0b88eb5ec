package dev.cairn.data;

import dev.cairn.records.Excerpt;
import dev.cairn.records.FileNames;
import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text format of the bAbI tasks (Weston et al., 2015): numbered lines, starting again at
 * 1 with every story; a question's line also has its answer and the numbers of the lines that
 * support it, separated by tabs. The context of a question is every statement of its story before
 * it.
 */
final class BabiReader {
    private static final Pattern LINE = Pattern.compile("(\\d{1,6}) +(.*)");
    private static final Pattern TASK = Pattern.compile("(qa\\d+)(?:\\D.*)?");

    private final Path file;
    private final String kind;
    private final List<Question> questions = new ArrayList<>();
    private final SequencedMap<Integer, String> statements = new LinkedHashMap<>();
    private int number;
    private int line;

    private BabiReader(Path file) {
        this.file = file;
        Matcher task = TASK.matcher(FileNames.stem(file));
        this.kind = task.matches() ? task.group(1) : FileNames.stem(file);
    }

    /** Whether {@code line} may begin such a file. */
    static boolean looksLike(String line) {
        return LINE.matcher(line).matches();
    }

    static List<Question> parse(Path file, List<String> lines) {
        var reader = new BabiReader(file);
        for (String text : lines) {
            reader.line++;
            if (!text.isBlank()) {
                reader.read(text.strip());
            }
        }
        return reader.questions;
    }

    private void read(String text) {
        Matcher matcher = LINE.matcher(text);
        if (!matcher.matches()) {
            throw bad(
                    "expected a line number and a text, found '%s'"
                            .formatted(Excerpt.of(text)));
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
            throw bad(
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
            throw bad(
                    "expected question, answer and supporting lines, found %d columns"
                            .formatted(columns.length));
        }
        String question = columns[0].strip();
        String answer = columns[1].strip();
        if (question.isEmpty() || answer.isEmpty()) {
            throw bad(question.isEmpty() ? "the question is empty" : "the answer is empty");
        }
        if (statements.isEmpty()) {
            throw bad("a question with no statement before it");
        }
        List<String> facts = columns.length == 3 ? facts(columns[2].strip()) : List.of();
        questions.add(
                new Question(
                        "%s-%06d".formatted(FileNames.stem(file), line),
                        kind,
                        String.join(" ", statements.values()) + "\n" + question,
                        answer,
                        facts.isEmpty() ? Map.of() : stages(question, facts, answer)));
    }

    private List<String> facts(String supporting) {
        var facts = new ArrayList<String>();
        for (String reference : supporting.isEmpty() ? new String[0] : supporting.split("\\s+")) {
            String statement =
                    reference.matches("\\d{1,6}")
                            ? statements.get(Integer.parseInt(reference))
                            : null;
            if (statement == null) {
                throw bad(
                        "supporting line '%s' is not an earlier statement of this story"
                                .formatted(Excerpt.of(reference)));
            }
            facts.add(statement);
        }
        return facts;
    }

    /**
     * Gold texts that need no knowledge of the task. The reasoning repeats the fact that the file
     * names last, which in most tasks holds the answer's words, and then states the answer.
     */
    private Map<String, String> stages(String question, List<String> facts, String answer) {
        var stages = new LinkedHashMap<String, String>();
        stages.put("focus", Focus.of(question, statements.values()));
        stages.put("facts", String.join(" ", facts));
        stages.put("reasoning", "%s So the answer is %s.".formatted(facts.getLast(), answer));
        stages.put("answer", answer);
        return stages;
    }

    private CairnException bad(String what) {
        return new CairnException("%s:%d: %s".formatted(file, line, what));
    }
}
