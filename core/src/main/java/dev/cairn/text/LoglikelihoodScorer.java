package dev.cairn.text;

import java.util.List;

/** Computes the log-likelihood of a continuation by the rules of lm-evaluation-harness. */
public interface LoglikelihoodScorer {
    /**
     * Scores a continuation. Trailing white space of the context moves to the continuation; the
     * continuation's tokens are those of tokens(context + continuation) after the first
     * |tokens(context)|.
     *
     * @param context the text before the continuation; if it has no tokens, the model's
     *     beginning-of-text token is used instead, or its end-of-text token if there is none
     * @param continuation the text to score
     */
    Score score(String context, String continuation);

    /**
     * Scores several continuations of one context. Models override this to read the context only
     * once.
     *
     * @return what {@link #score} gives for each, in order
     */
    default List<Score> scores(String context, List<String> continuations) {
        return continuations.stream().map(each -> score(context, each)).toList();
    }

    /** Scores like {@link #scores} and adds the trace, as far as it is known. */
    default Loglikelihood loglikelihood(String context, List<String> continuations) {
        return new Loglikelihood(scores(context, continuations), List.of(), 0);
    }
}
