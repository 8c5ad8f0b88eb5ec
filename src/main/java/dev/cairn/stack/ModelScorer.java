package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.model.Generator;
import dev.cairn.model.Models;
import dev.cairn.text.Continuation;
import dev.cairn.text.Score;
import dev.cairn.text.Scorer;
import dev.cairn.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Scores continuations with a model directory as it is. */
public final class ModelScorer implements Scorer {
    private final Generator generator;
    private final Path directory;

    private ModelScorer(Generator generator, Path directory) {
        this.generator = generator;
        this.directory = directory;
    }

    /**
     * Opens a Hugging Face model directory; its tokenizer is read when a text is scored.
     *
     * @throws CairnException when a file of it is missing or damaged
     */
    public static ModelScorer open(Path directory) {
        return new ModelScorer(new Generator(Models.open(directory), null), directory);
    }

    @Override
    public Score score(String context, String continuation) {
        Continuation split = Continuation.of(Tokenizer.load(directory), context, continuation);
        return score(split.contextIds(), split.continuationIds());
    }

    /**
     * Scores token ids.
     *
     * @param context when empty, the continuation is scored from its second token on
     * @throws CairnException when the continuation is empty or longer than the context window, or
     *     an id lies outside the vocabulary
     */
    public Score score(int[] context, int[] continuation) {
        if (continuation.length == 0 && context.length == 0) {
            throw new CairnException("there is no continuation to score; give at least one token");
        }
        if (context.length == 0) {
            return score(
                    Arrays.copyOf(continuation, 1),
                    Arrays.copyOfRange(continuation, 1, continuation.length));
        }
        if (continuation.length == 0) {
            return new Score(List.of(), List.of(), true);
        }
        int vocabulary = generator.model().config().vocabSize();
        for (int token : continuation) {
            if (token < 0 || token >= vocabulary) {
                throw new CairnException(
                        "token id %d is outside the model's vocabulary of %d"
                                .formatted(token, vocabulary));
            }
        }
        Generator.Likelihood likelihood = generator.score(context, continuation);
        return new Score(
                Arrays.stream(continuation).boxed().toList(),
                Arrays.stream(likelihood.logprobs()).boxed().toList(),
                likelihood.isGreedy());
    }
}
