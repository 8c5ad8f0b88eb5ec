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
    private static final String SAMPLE = "#";

    public Question {
        stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
    }

    /** The same question with the answer and the texts of one sample of several. */
    public Question sample(int number, String sampleAnswer, Map<String, String> texts) {
        String sampleId = number == 0 ? id : id + SAMPLE + number;
        return new Question(sampleId, kind, input, sampleAnswer, texts);
    }

    /** The id without the number of the sample. */
    public String origin() {
        int at = id.lastIndexOf(SAMPLE);
        return at < 0 ? id : id.substring(0, at);
    }

    /**
     * The texts that templates may use, by name: the gold text of each stage, {@code input}, {@code
     * answer}.
     */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>(stages);
        texts.put("input", input);
        texts.put("answer", answer);
        return texts;
    }
}
