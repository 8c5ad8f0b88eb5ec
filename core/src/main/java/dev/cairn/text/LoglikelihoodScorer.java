package dev.cairn.text;

import java.util.List;

/** Log-likelihood of a continuation, after the rules of lm-evaluation-harness. */
public interface LoglikelihoodScorer {
    /**
     * Scores a continuation. Trailing white space of the context moves to the continuation; the
     * continuation's tokens are what tokens(context + continuation) has beyond tokens(context).
     *
     * @param context what comes before; where it has no token, the one that begins a text stands
     *     for it, else the one that ends a text
     * @param continuation what is scored
     */
    Score score(String context, String continuation);

    /**
     * Scores several continuations of one context, which a model need not read for each of them.
     *
     * @return what {@link #score} gives for each, in order
     */
    default List<Score> scores(String context, List<String> continuations) {
        return continuations.stream().map(each -> score(context, each)).toList();
    }

    /** Scores as {@link #scores} does and says how it came about, as far as that is known. */
    default Loglikelihood loglikelihood(String context, List<String> continuations) {
        return new Loglikelihood(scores(context, continuations), List.of(), 0);
    }
}
