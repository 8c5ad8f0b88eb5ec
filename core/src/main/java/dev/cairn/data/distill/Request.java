package dev.cairn.data.distill;

import dev.cairn.support.Sha256;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request to a teacher.
 *
 * @param key the same for the same example, sample, stage, prompt and settings of the teacher, and
 *     for no other
 * @param example id of the question
 * @param sample 0 for the first text asked for, 1 for the second ...
 * @param attempt number of texts rejected before
 */
public record Request(
        String key, String example, int sample, String stage, int attempt, String prompt) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int KEY_LENGTH = 32;

    /** The key: the first half of a SHA-256. */
    static String key(String example, int sample, String stage, String prompt, String settings) {
        String all = JSON.writeValueAsString(List.of(example, sample, stage, prompt, settings));
        return Sha256.of(all).hex().substring(0, KEY_LENGTH);
    }

    /**
     * The seed to ask with. It differs for each sample and attempt; otherwise a teacher would
     * repeat a rejected text.
     */
    public long seed(long first) {
        return first + 1000L * sample + attempt;
    }
}
