package dev.cairn.data.distill;

import dev.cairn.support.Sha256;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a teacher is asked.
 *
 * @param key the same for the same example, sample, stage, prompt and settings of the teacher, and
 *     for no other
 * @param example id of the question
 * @param sample 0 for the first text asked for, 1 for the second ...
 * @param attempt how many texts were refused before
 */
public record Request(
        String key, String example, int sample, String stage, int attempt, String prompt) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int KEY_LENGTH = 32;

    /** The key, half a SHA-256. */
    static String key(String example, int sample, String stage, String prompt, String settings) {
        String all = JSON.writeValueAsString(List.of(example, sample, stage, prompt, settings));
        return Sha256.of(all).hex().substring(0, KEY_LENGTH);
    }

    /**
     * The seed to ask with: another for each sample and attempt, else a teacher that was refused
     * would say the same again.
     */
    public long seed(long first) {
        return first + 1000L * sample + attempt;
    }
}
