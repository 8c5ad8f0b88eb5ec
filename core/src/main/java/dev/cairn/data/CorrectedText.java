package dev.cairn.data;

import dev.cairn.CairnException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * A correction: what a person says a stage should have written.
 *
 * @param stage name of the stage
 * @param input what the stack was asked
 * @param texts what the stages before it wrote, by name
 * @param text what the stage should have written
 * @param answer the same text when the stage is the one that writes the answer, otherwise empty
 */
public record CorrectedText(
        String stage, String input, Map<String, String> texts, String text, String answer) {
    private static final String ANSWER = "answer";
    private static final String KIND = "correction";

    public CorrectedText {
        // For templates, the text of a stage with this name is the answer.
        answer = stage.equals(ANSWER) ? text : answer;
        texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    }

    /**
     * The correction as a question with gold texts up to the stage.
     *
     * @param id names the question in errors
     */
    Question question(String id) {
        Map<String, String> stages = new LinkedHashMap<>(texts);
        stages.put(stage, text);
        return new Question(id, KIND, input, answer, stages);
    }

    /**
     * Checks that the stage can learn from this correction.
     *
     * @param where file and line
     * @param variables names that the stage's templates use
     */
    void require(String where, Collection<String> variables) {
        for (String name : new TreeSet<>(variables)) {
            boolean isThere =
                    name.equals(ANSWER)
                            ? !answer.isEmpty()
                            : name.equals("input") || name.equals(stage) || texts.containsKey(name);
            if (!isThere) {
                throw new CairnException(
                        "%s: stage %s needs {{%s}} to learn from a correction, but this one has no such text; add it, or delete the line"
                                .formatted(where, stage, name));
            }
        }
    }
}
