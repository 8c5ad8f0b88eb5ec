package dev.cairn.stack.engine;

import dev.cairn.text.Answer;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import java.util.List;

/**
 * An answer with the tokens of its last stage.
 *
 * @param tokens the tokens of the last stage; empty if its text was given
 */
public record StackRun(Answer answer, List<TokenProbability> tokens) {
    public Completion completion() {
        List<StageTrace> stages = answer.stages();
        return new Completion(
                answer.text(),
                stages.getLast().finishReason(),
                stages.stream().mapToInt(stage -> stage.tokens().prompt()).sum(),
                stages.stream().mapToInt(stage -> stage.tokens().completion()).sum(),
                List.of(),
                tokens,
                stages);
    }
}
