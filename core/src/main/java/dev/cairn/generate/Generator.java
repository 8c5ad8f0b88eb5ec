package dev.cairn.generate;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.config.SamplingParams;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.TokenBatch;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Generates and scores token sequences with a model and at most one adapter. It handles token ids,
 * not text. Several generators can share one model, each on its own thread.
 *
 * @param adapter applied on top of the base; null for the base alone
 * @param prefixes cache of prompt prefixes that this model has read, under any adapter; must not be
 *     used while weights are being trained
 * @param batcher reads for several generators of the same model together; null to read on the
 *     caller's thread. {@link #score} always reads on the caller's thread
 */
public record Generator(
        CausalLm model,
        @Nullable LoraAdapter adapter,
        PrefixCache prefixes,
        @Nullable Batcher batcher) {
    public Generator {
        if (batcher != null && batcher.model() != model) {
            throw new IllegalArgumentException(
                    "the batcher belongs to another model; expected one started with this generator's model");
        }
    }

    /** A generator that reads on the caller's thread. */
    public Generator(CausalLm model, @Nullable LoraAdapter adapter, PrefixCache prefixes) {
        this(model, adapter, prefixes, null);
    }

    /** A generator that reads on the caller's thread and keeps no prompt prefixes. */
    public Generator(CausalLm model, @Nullable LoraAdapter adapter) {
        this(model, adapter, PrefixCache.NONE);
    }

    /** The same generator with a batcher. */
    public Generator with(Batcher batcher) {
        return new Generator(model, adapter, prefixes, batcher);
    }

    private Sequence open(int capacity, Cancellation cancellation) {
        return batcher == null
                ? new SingleSequence(this, capacity, cancellation)
                : batcher.join(this, capacity, cancellation);
    }

    /** Receives tokens as they are generated. */
    @FunctionalInterface
    public interface TokenListener {
        /**
         * Takes one token.
         *
         * @return whether to continue
         */
        boolean accept(SampledToken token);
    }

    /** Why generation ended. */
    public enum End {
        /** The model chose one of its end tokens; the listener did not receive it. */
        END_TOKEN,
        /** The listener asked to stop. */
        LISTENER,
        /** The maximum number of new tokens or the end of the context window was reached. */
        LENGTH
    }

    /**
     * The result of a generation.
     *
     * @param tokens number of tokens chosen, including an end token
     * @param endToken the end token; null when none was chosen
     * @param endLogprob log-probability of the end token; null when none was chosen
     * @param prefillMillis milliseconds to read the prompt
     * @param decodeMillis milliseconds to generate the tokens
     */
    public record Outcome(
            End end,
            int tokens,
            @Nullable Integer endToken,
            @Nullable Double endLogprob,
            double prefillMillis,
            double decodeMillis) {}

    /** Continues a prompt, without a way to cancel it. */
    public Outcome generate(
            int[] prompt, SamplingParams sampling, int maxNewTokens, TokenListener listener) {
        return generate(prompt, sampling, maxNewTokens, listener, Cancellation.NONE);
    }

    /**
     * Continues a prompt.
     *
     * @param prompt at least one token, fewer than the context window
     * @param maxNewTokens the maximum number of tokens to choose
     * @param cancellation checked between the pieces of a prompt and, alone, before every token,
     *     with a batcher about ten times a second while other sequences are read; an exception it
     *     throws ends the generation
     * @throws CairnException when the prompt is too long or too short, a token is not in the
     *     vocabulary, or the batcher is closed or too small for the sequence
     */
    public Outcome generate(
            int[] prompt,
            SamplingParams sampling,
            int maxNewTokens,
            TokenListener listener,
            Cancellation cancellation) {
        return generate(
                prompt, sampling, maxNewTokens, listener, cancellation, model.config().eosIds());
    }

    /**
     * Continues a prompt greedily by exactly so many tokens, also past an end token: for measuring.
     *
     * @param prompt at least one token; with the new tokens at most as many as the context window
     * @throws CairnException as {@link #generate}
     */
    public Outcome generateExactly(int[] prompt, int newTokens, TokenListener listener) {
        return generate(
                prompt, SamplingParams.GREEDY, newTokens, listener, Cancellation.NONE, List.of());
    }

    private Outcome generate(
            int[] prompt,
            SamplingParams sampling,
            int maxNewTokens,
            TokenListener listener,
            Cancellation cancellation,
            Collection<Integer> ends) {
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
            return write(sequence, prompt, limit, logits, sampling, listener, ends, prefillMillis);
        }
    }

    private static Outcome write(
            Sequence sequence,
            int[] prompt,
            int limit,
            float[] logits,
            SamplingParams sampling,
            TokenListener listener,
            Collection<Integer> ends,
            double prefillMillis) {
        long prefilled = System.nanoTime();
        Sampler sampler = Sampler.of(sampling);
        int[] all = Arrays.copyOf(prompt, prompt.length + limit);
        End end = End.LENGTH;
        Integer endToken = null;
        Double endLogprob = null;
        int count = 0;
        while (count < limit) {
            int token = sampler.next(logits, all, prompt.length + count);
            SampledToken chosen = new SampledToken(token, logits);
            all[prompt.length + count++] = token;
            if (ends.contains(token)) {
                end = End.END_TOKEN;
                endToken = token;
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
        return new Outcome(end, count, endToken, endLogprob, prefillMillis, decodeMillis);
    }

    /**
     * Computes the probability of every token of a prompt, given the tokens before it.
     *
     * @param prompt at least one token and at most one more than the context window; the last token
     *     is only predicted, never read
     * @param top how many of the most probable tokens to report at each position
     * @param cancellation checked as in {@link #generate}; an exception it throws ends the
     *     computation
     * @return one entry for each token of the prompt except the first
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

    /** Scores one continuation, like {@link #score(int[], List)}. */
    public Likelihood score(int[] context, int[] continuation) {
        return score(context, List.of(continuation)).getFirst();
    }

    /**
     * Scores continuations of a context, which is read once for all of them. When context and
     * continuation together exceed the context window, only the last window + 1 tokens are kept, as
     * in lm-evaluation-harness. A continuation is read separately from its context, so its score
     * does not depend on the other continuations.
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
            // The last token is never read, so the forward pass would not notice an invalid id.
            TokenBatch.packed(List.of(continuation)).check(model.config());
        }
        return new Scoring(this, context).of(continuations);
    }
}
