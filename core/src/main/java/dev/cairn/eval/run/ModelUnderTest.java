package dev.cairn.eval.run;

import dev.cairn.text.Answerer;
import dev.cairn.text.LoglikelihoodScorer;
import java.util.List;

/**
 * A system as tasks see it.
 *
 * @param scorer says how probable it finds a choice
 * @param writer gives what writes
 */
public record ModelUnderTest(LoglikelihoodScorer scorer, Writer writer) {
    /** Gives what goes on writing after a prompt, greedily. */
    @FunctionalInterface
    public interface Writer {
        /**
         * An answerer.
         *
         * @param maxTokens the most tokens of an answer
         * @param until texts that end an answer
         */
        Answerer writing(int maxTokens, List<String> until);
    }
}
