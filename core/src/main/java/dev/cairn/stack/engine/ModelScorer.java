package dev.cairn.stack.engine;

import dev.cairn.CairnException;
import dev.cairn.config.WeightFormat;
import dev.cairn.generate.Generator;
import dev.cairn.generate.PrefixCache;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.text.LoglikelihoodScorer;
import dev.cairn.text.Score;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Scores continuations with a single model. */
public final class ModelScorer implements LoglikelihoodScorer {
    private final Generator generator;
    private final Path directory;
    private @Nullable Texts texts;

    /**
     * The tokenizer for scoring texts.
     *
     * @param prefix the token that represents an empty context
     */
    private record Texts(Tokenizer tokenizer, OptionalInt prefix) {}

    private ModelScorer(Generator generator, Path directory) {
        this.generator = generator;
        this.directory = directory;
    }

    /**
     * Opens a Hugging Face model directory; its tokenizer is loaded when the first text is scored.
     *
     * @throws CairnException if one of its files is missing or damaged
     */
    public static ModelScorer open(Path directory) {
        return open(directory, WeightFormat.AS_STORED);
    }

    /** Opens a model directory like {@link #open(Path)}, with its matrices in the given format. */
    public static ModelScorer open(Path directory, WeightFormat format) {
        PrefixCache prefixes = PrefixCache.ofDefaultSize();
        CausalLm model = Models.openForMeasuring(directory, format);
        return new ModelScorer(new Generator(model, null, prefixes), directory);
    }

    @Override
    public Score score(String context, String continuation) {
        return scores(context, List.of(continuation)).getFirst();
    }

    @Override
    public List<Score> scores(String context, List<String> continuations) {
        Texts texts = texts();
        return Likelihoods.ofTexts(
                texts.tokenizer(), texts.prefix(), context, true, continuations, this::likelihoods);
    }

    /** Loaded lazily, because token ids can be scored without a tokenizer. */
    private synchronized Texts texts() {
        if (texts == null) {
            Tokenizer tokenizer = Tokenizer.load(directory);
            OptionalInt prefix = PrefixToken.of(tokenizer, directory, generator.model().config());
            texts = new Texts(tokenizer, prefix);
        }
        return texts;
    }

    /**
     * Scores token ids.
     *
     * @param context the context's token ids; if empty, the continuation is scored from its second
     *     token on, so a single token yields no score
     * @throws CairnException if the continuation is empty or longer than the context window, or an
     *     id is outside the vocabulary
     */
    public Score score(int[] context, int[] continuation) {
        if (continuation.length == 0) {
            throw new CairnException("continuation: expected at least one token, found none");
        }
        return context.length > 0
                ? likelihood(context, continuation)
                : likelihood(
                        Arrays.copyOf(continuation, 1),
                        Arrays.copyOfRange(continuation, 1, continuation.length));
    }

    private void checkVocabulary(int[] tokens) {
        int vocabulary = generator.model().config().vocabSize();
        for (int token : tokens) {
            if (token < 0 || token >= vocabulary) {
                throw new CairnException(
                        "%s: token id %d is outside the model's vocabulary; expected 0 to %d"
                                .formatted(directory, token, vocabulary - 1));
            }
        }
    }

    private Score likelihood(int[] context, int[] continuation) {
        return likelihoods(context, List.of(continuation)).getFirst();
    }

    private List<Score> likelihoods(int[] context, List<int[]> continuations) {
        checkVocabulary(context);
        continuations.forEach(this::checkVocabulary);
        return Likelihoods.of(generator, context, continuations);
    }
}
