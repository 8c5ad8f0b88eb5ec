package dev.cairn.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One question of a question set, with the text a perfect stack would produce at every stage.
 *
 * @param id unique within its set
 * @param kind what sort of question it is, for example {@code where-thing}; scores are reported per
 *     kind
 * @param input what the user would write: the story, a line break, the question
 * @param answer the gold answer
 * @param stages gold text of each stage by its name, in order; may be empty in an evaluation-only
 *     set
 */
public record Question(
        String id, String kind, String input, String answer, Map<String, String> stages) {
    public Question {
        stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
    }

    /**
     * What templates may use, by name: the gold text of each stage, {@code input}, {@code answer}.
     */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>(stages);
        texts.put("input", input);
        texts.put("answer", answer);
        return texts;
    }
}
