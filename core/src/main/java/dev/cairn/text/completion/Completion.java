package dev.cairn.text.completion;

import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import java.util.List;

/**
 * A completion: the answer to a conversation, or the text written after a prompt.
 *
 * @param text the generated text; never contains the prompt, even if it is echoed
 * @param promptTokens number of tokens read by all stages together
 * @param completionTokens number of tokens written by all stages together
 * @param prompt the prompt's tokens if they were requested, the first without a probability;
 *     otherwise empty
 * @param tokens the tokens of {@link #text}, without an end token
 * @param stages what each stage read and wrote, in order; one entry for a single stage or a base
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

    /** The same completion with other tokens of the prompt. */
    public Completion withPrompt(List<TokenProbability> other) {
        return new Completion(
                text, finishReason, promptTokens, completionTokens, other, tokens, stages);
    }
}
