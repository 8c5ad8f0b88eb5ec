package dev.cairn.text.completion;

import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import java.util.List;

/**
 * An answer, or what was written after a prompt.
 *
 * @param text what was written; never the prompt, echoed or not
 * @param promptTokens tokens that were read, by all stages together
 * @param completionTokens tokens that were written, by all stages together
 * @param prompt the prompt's own tokens where they were asked for, the first without probability;
 *     else empty
 * @param tokens the tokens of {@link #text}, an end token not included
 * @param stages what each stage was asked and said, in order; one for a stage or a base
 */
public record Completion(
        String text,
        FinishReason finishReason,
        int promptTokens,
        int completionTokens,
        List<TokenProbability> prompt,
        List<TokenProbability> tokens,
        List<StageTrace> stages) {
    public Completion {
        prompt = List.copyOf(prompt);
        tokens = List.copyOf(tokens);
        stages = List.copyOf(stages);
    }
}
