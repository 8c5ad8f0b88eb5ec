package dev.cairn.data;

import dev.cairn.records.BabiQuestion;
import dev.cairn.records.BabiReader;
import dev.cairn.records.FileNames;
import dev.cairn.records.TextFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the questions of bAbI files, with the gold texts of stages that a file provides. */
final class BabiQuestions {
    private static final Pattern TASK = Pattern.compile("(qa\\d+)(?:\\D.*)?");

    private BabiQuestions() {}

    static List<Question> read(TextFile file) {
        return BabiReader.read(file).stream().map(one -> question(file.path(), one)).toList();
    }

    private static Question question(Path file, BabiQuestion one) {
        String stem = FileNames.stem(file);
        Matcher task = TASK.matcher(stem);
        return new Question(
                "%s-%06d".formatted(stem, one.line()),
                task.matches() ? task.group(1) : stem,
                String.join(" ", one.statements()) + "\n" + one.question(),
                one.answer(),
                one.facts().isEmpty() ? Map.of() : stages(one));
    }

    /**
     * Gold texts that need no knowledge of the task. The reasoning repeats the fact that the file
     * names last, which in most tasks contains the answer's words, and then states the answer.
     */
    private static Map<String, String> stages(BabiQuestion one) {
        Map<String, String> stages = new LinkedHashMap<>();
        stages.put("focus", Focus.of(one.question(), one.statements()));
        stages.put("facts", String.join(" ", one.facts()));
        stages.put(
                "reasoning",
                "%s So the answer is %s.".formatted(one.facts().getLast(), one.answer()));
        stages.put("answer", one.answer());
        return stages;
    }
}
