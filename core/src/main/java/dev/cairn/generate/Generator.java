package dev.cairn.generate;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.config.SamplingParams;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.TokenBatch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes and scores token sequences with a model and at most one adapter. It knows no text; many
 * may share one model, each on its own thread.
 *
 * @param adapter applied beside the base; null for the base alone
 * @param prefixes beginnings of prompts that this model has read, under any adapter; weights that
 *     are still trained must not be used with them
 * @param batcher reads for this and other generators of the same model together; null to read on
 *     the caller's thread. {@link #score} always does
 */
public record Generator(
        CausalLm model,
        @Nullable LoraAdapter adapter,
        PrefixCache prefixes,
        @Nullable Batcher batcher) {
    public Generator {
        if (batcher != null && batcher.model() != model) {
            throw new IllegalArgumentException("the batcher reads for another model");
        }
    }

    /** One that reads by itself. */
    public Generator(CausalLm model, @Nullable LoraAdapter adapter, PrefixCache prefixes) {
        this(model, adapter, prefixes, null);
    }

    /** One that reads every prompt from its first token on. */
    public Generator(CausalLm model, @Nullable LoraAdapter adapter) {
        this(model, adapter, PrefixCache.NONE);
    }

    /** The same one, reading together with others. */
    public Generator with(Batcher batcher) {
        return new Generator(model, adapter, prefixes, batcher);
    }

    private Sequence open(int capacity, Cancellation cancellation) {
        return batcher == null
                ? new SingleSequence(this, capacity, cancellation)
                : batcher.join(this, capacity, cancellation);
    }

    /** Receives tokens as they are written. */
    @FunctionalInterface
    public interface TokenListener {
        /**
         * Takes one token.
         *
         * @return whether to go on writing
         */
        boolean accept(SampledToken token);
    }

    /** Why writing ended. */
    public enum End {
        /** The model chose one of its end tokens; the listener has not seen it. */
        END_TOKEN,
        /** The listener had enough. */
        LISTENER,
        /** The limit of new tokens or the context window was reached. */
        LENGTH
    }

    /**
     * How it went.
     *
     * @param tokens tokens chosen, an end token included
     * @param endLogprob log-probability of the end token; null when none was chosen
     * @param prefillMillis time to read the prompt
     * @param decodeMillis time to write
     */
    public record Outcome(
            End end,
            int tokens,
            @Nullable Double endLogprob,
            double prefillMillis,
            double decodeMillis) {}

    /** Continues a prompt, to the end. */
    public Outcome generate(
            int[] prompt, SamplingParams sampling, int maxNewTokens, TokenListener listener) {
        return generate(prompt, sampling, maxNewTokens, listener, Cancellation.NONE);
    }

    /**
     * Continues a prompt.
     *
     * @param prompt at least one token, fewer than the context window
     * @param maxNewTokens the maximum number of tokens to choose
     * @param cancellation asked between the pieces of a prompt, and about ten times a second while
     *     other sequences are read; what it throws ends the writing
     * @throws CairnException when the prompt is too long or too short, a token is not in the
     *     vocabulary, or the batcher is closed or could never hold it
     */
    public Outcome generate(
            int[] prompt,
            SamplingParams sampling,
            int maxNewTokens,
            TokenListener listener,
            Cancellation cancellation) {
        int window = model.config().maxPositions();
        if (prompt.length == 0 || prompt.length >= window) {
            throw new CairnException(
                    "a prompt of %d tokens cannot be continued; expected 1 to %d"
                            .formatted(prompt.length, window - 1));
        }
        int limit = Math.min(maxNewTokens, window - prompt.length);
        long start = System.nanoTime();
        try (Sequence sequence = open(prompt.length + limit, cancellation)) {
            float[] logits = sequence.read(prompt);
            double prefillMillis = (System.nanoTime() - start) / 1e6;
            return write(sequence, prompt, limit, logits, sampling, listener, prefillMillis);
        }
    }

    private Outcome write(
            Sequence sequence,
            int[] prompt,
            int limit,
            float[] logits,
            SamplingParams sampling,
            TokenListener listener,
            double prefillMillis) {
        long prefilled = System.nanoTime();
        Sampler sampler = Sampler.of(sampling);
        int[] all = Arrays.copyOf(prompt, prompt.length + limit);
        End end = End.LENGTH;
        Double endLogprob = null;
        int count = 0;
        while (count < limit) {
            int token = sampler.next(logits, all, prompt.length + count);
            SampledToken chosen = new SampledToken(token, logits);
            all[prompt.length + count++] = token;
            if (model.config().eosIds().contains(token)) {
                end = End.END_TOKEN;
                endLogprob = chosen.logprob();
                break;
            }
            if (!listener.accept(chosen)) {
                end = End.LISTENER;
                break;
            }
            if (count < limit) {
                logits = sequence.next(token);
            }
        }
        double decodeMillis = (System.nanoTime() - prefilled) / 1e6;
        return new Outcome(end, count, endLogprob, prefillMillis, decodeMillis);
    }

    /**
     * How probable every token of a prompt is after those before it.
     *
     * @param prompt at least one token, at most one more than the context window: the last one is
     *     looked up, not read
     * @param top how many of the most probable tokens to tell beside each
     * @param cancellation asked as in {@link #generate}; what it throws ends the reading
     * @return one for each token of the prompt but the first
     * @throws CairnException when the prompt is too long or too short, or a token is not in the
     *     vocabulary
     */
    public List<PromptToken> promptLogprobs(int[] prompt, int top, Cancellation cancellation) {
        int window = model.config().maxPositions();
        if (prompt.length == 0 || prompt.length > window + 1) {
            throw new CairnException(
                    "a prompt of %d tokens cannot be scored; expected 1 to %d"
                            .formatted(prompt.length, window + 1));
        }
        TokenBatch.packed(List.of(new int[] {prompt[prompt.length - 1]})).check(model.config());
        try (Sequence sequence = open(prompt.length, cancellation)) {
            return sequence.score(prompt, top);
        }
    }

    /**
     * The likelihood of a continuation.
     *
     * @param logprobs natural log-probability of each token of the continuation
     * @param isGreedy whether each was the most probable one
     */
    @SuppressWarnings("ArrayRecordComponent") // a list of numbers, never compared as a value
    public record Likelihood(double[] logprobs, boolean isGreedy) {}

    /** Scores one continuation: {@link #score(int[], List)} says how. */
    public Likelihood score(int[] context, int[] continuation) {
        return score(context, List.of(continuation)).getFirst();
    }

    /**
     * Scores continuations after a context, which is read once for all of them. Where both are
     * longer than the context window, the last window + 1 tokens are kept, as lm-evaluation-harness
     * does. A continuation is read apart from its context, so its score does not depend on what
     * else is scored.
     *
     * @return one likelihood for each continuation, in order
     * @throws CairnException when the context is empty, a continuation does not fit the window, or
     *     a token is not in the vocabulary
     */
    public List<Likelihood> score(int[] context, List<int[]> continuations) {
        int window = model.config().maxPositions();
        for (int[] continuation : continuations) {
            if (context.length == 0 || continuation.length > window) {
                throw new CairnException(
                        "cannot score %d tokens after %d; expected a context of at least 1 and a continuation of at most %d"
                                .formatted(continuation.length, context.length, window));
            }
            // The last token is never read, so the forward pass would not notice that there is no
            // such.
            TokenBatch.packed(List.of(continuation)).check(model.config());
        }
        return new Scoring(this, context).of(continuations);
    }
}
