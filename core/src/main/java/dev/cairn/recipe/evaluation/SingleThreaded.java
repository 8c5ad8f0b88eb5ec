package dev.cairn.recipe.evaluation;

import dev.cairn.tensor.ThreadPool;
import dev.cairn.text.Answerer;
import dev.cairn.text.Loglikelihood;
import dev.cairn.text.LoglikelihoodScorer;
import dev.cairn.text.Score;
import java.util.List;

/**
 * Makes systems on this machine use one core per question: one question per core, each on its own
 * thread, is faster than one question on all cores.
 */
final class SingleThreaded {
    private SingleThreaded() {}

    static Answerer of(Answerer answerer) {
        return (input, onText) -> ThreadPool.inline(() -> answerer.answer(input, onText));
    }

    static LoglikelihoodScorer of(LoglikelihoodScorer scorer) {
        return new LoglikelihoodScorer() {
            @Override
            public Score score(String context, String continuation) {
                return ThreadPool.inline(() -> scorer.score(context, continuation));
            }

            @Override
            public List<Score> scores(String context, List<String> continuations) {
                return ThreadPool.inline(() -> scorer.scores(context, continuations));
            }

            @Override
            public Loglikelihood loglikelihood(String context, List<String> continuations) {
                return ThreadPool.inline(() -> scorer.loglikelihood(context, continuations));
            }
        };
    }
}
