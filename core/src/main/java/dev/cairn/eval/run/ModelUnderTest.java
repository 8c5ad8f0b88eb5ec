package dev.cairn.eval.run;

import dev.cairn.text.Answerer;
import dev.cairn.text.LoglikelihoodScorer;
import java.util.List;

/**
 * The system that a task is run on.
 *
 * @param scorer computes the log-likelihood of choices
 * @param writer opens an answerer for items whose answer is written
 */
public record ModelUnderTest(LoglikelihoodScorer scorer, Writer writer) {
    /** Opens an answerer that continues prompts greedily. */
    @FunctionalInterface
    public interface Writer {
        /**
         * The answerer for these limits.
         *
         * @param maxTokens maximum number of tokens of an answer
         * @param until texts that end an answer
         */
        Answerer writing(int maxTokens, List<String> until);
    }
}
