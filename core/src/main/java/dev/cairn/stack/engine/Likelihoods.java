package dev.cairn.stack.engine;

import dev.cairn.generate.Generator;
import dev.cairn.text.Score;
import dev.cairn.text.tokenizer.Continuation;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/** Computes scores of continuations of one context, which is read only once. */
public final class Likelihoods {
    private Likelihoods() {}

    /**
     * Scores texts.
     *
     * @param addSpecialTokens whether the tokenizer's special tokens come before the context
     * @param prefix the token that represents an empty context
     * @param scoring scores continuations after a context, both as token ids
     */
    public static List<Score> ofTexts(
            Tokenizer tokenizer,
            OptionalInt prefix,
            String context,
            boolean addSpecialTokens,
            List<String> continuations,
            BiFunction<int[], List<int[]>, List<Score>> scoring) {
        List<Continuation> splits =
                continuations.stream()
                        .map(each ->
                                Continuation.of(tokenizer, context, addSpecialTokens, each, prefix))
                        .toList();
        boolean isShared =
                splits.stream()
                        .map(Continuation::contextIds)
                        .allMatch(ids -> Arrays.equals(ids, splits.getFirst().contextIds()));
        // Without a context they differ if a continuation begins with the token that replaces it.
        return isShared && !splits.isEmpty()
                ? scoring.apply(
                        splits.getFirst().contextIds(),
                        splits.stream().map(Continuation::continuationIds).toList())
                : splits.stream()
                        .map(split ->
                                scoring.apply(split.contextIds(), List.of(split.continuationIds()))
                                        .getFirst())
                        .toList();
    }

    /** Scores tokens. */
    public static List<Score> of(Generator generator, int[] context, List<int[]> continuations) {
        List<Generator.Likelihood> likelihoods = generator.score(context, continuations);
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < likelihoods.size(); i++) {
            scores.add(
                    new Score(
                            Arrays.stream(continuations.get(i)).boxed().toList(),
                            Arrays.stream(likelihoods.get(i).logprobs()).boxed().toList(),
                            likelihoods.get(i).isGreedy(),
                            truncated(generator, context, continuations.get(i))));
        }
        return scores;
    }

    /** The last token of a continuation is never read, so it needs no room. */
    private static int truncated(Generator generator, int[] context, int[] continuation) {
        int window = generator.model().config().maxPositions();
        return continuation.length == 0
                ? 0
                : Math.max(0, context.length + continuation.length - 1 - window);
    }
}
