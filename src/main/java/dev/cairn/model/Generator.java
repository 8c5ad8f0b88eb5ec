package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.tensor.Tensor;
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
 */
public record Generator(CausalLm model, @Nullable LoraAdapter adapter, PrefixCache prefixes) {
    /** One that reads every prompt from its first token on. */
    public Generator(CausalLm model, @Nullable LoraAdapter adapter) {
        this(model, adapter, PrefixCache.NONE);
    }

    /** Receives tokens as they are written. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes one token.
         *
         * @return whether to go on writing
         */
        boolean accept(Chosen chosen);
    }

    /** Why writing ended. */
    public enum End {
        /** The model chose one of its end tokens; the sink has not seen it. */
        END_TOKEN,
        /** The sink had enough. */
        SINK,
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

    /**
     * Continues a prompt.
     *
     * @param prompt at least one token, fewer than the context window
     * @param maxNewTokens the most tokens to choose
     */
    public Outcome generate(int[] prompt, SamplerSettings settings, int maxNewTokens, Sink sink) {
        int window = model.config().maxPositions();
        if (prompt.length == 0 || prompt.length >= window) {
            throw new CairnException(
                    "a prompt of %d tokens cannot be continued; expected 1 to %d"
                            .formatted(prompt.length, window - 1));
        }
        int limit = Math.min(maxNewTokens, window - prompt.length);
        long start = System.nanoTime();
        Pass pass = Pass.reading(model.kernels(), adapter);
        KvCache cache = model.newCache(prompt.length + limit);
        float[] logits = lastLogits(pass, prefill(pass, cache, prompt));
        long prefilled = System.nanoTime();
        Sampler sampler = Sampler.of(settings);
        int[] all = Arrays.copyOf(prompt, prompt.length + limit);
        End end = End.LENGTH;
        Double endLogprob = null;
        int count = 0;
        while (count < limit) {
            int token = sampler.next(logits, all, prompt.length + count);
            Chosen chosen = new Chosen(token, logits);
            all[prompt.length + count++] = token;
            if (model.config().eosIds().contains(token)) {
                end = End.END_TOKEN;
                endLogprob = chosen.logprob();
                break;
            }
            if (!sink.accept(chosen)) {
                end = End.SINK;
                break;
            }
            if (count < limit) {
                logits = lastLogits(pass, next(pass, cache, new int[] {token}));
            }
        }
        long done = System.nanoTime();
        return new Outcome(
                end, count, endLogprob, (prefilled - start) / 1e6, (done - prefilled) / 1e6);
    }

    private Tensor prefill(Pass pass, KvCache cache, int[] prompt) {
        return new Prefill(model, prefixes, pass, cache, prompt).read();
    }

    private Tensor next(Pass pass, KvCache cache, int[] ids) {
        return model.forward(pass, TokenBatch.next(ids, cache.length()), cache).hidden();
    }

    /** Of several rows only the last is asked for; {@link Prefill} says why there are several. */
    private float[] lastLogits(Pass pass, Tensor hidden) {
        try (Workspace.Frame frame = pass.frame()) {
            Tensor all = model.head().forward(pass, hidden).y();
            float[] logits = new float[all.cols()];
            all.read(all.rows() - 1, 0, all.cols(), logits, 0);
            return logits;
        }
    }

    /**
     * How probable every token of a prompt is after those before it.
     *
     * @param prompt at least one token, at most one more than the context window: the last one is
     *     looked up, not read
     * @param top how many of the most probable tokens to tell beside each
     * @param check called now and then; what it throws ends the reading
     * @return one for each token of the prompt but the first
     * @throws CairnException when the prompt is too long or too short, or a token is not in the
     *     vocabulary
     */
    public List<PromptToken> promptLogprobs(int[] prompt, int top, Runnable check) {
        int window = model.config().maxPositions();
        if (prompt.length == 0 || prompt.length > window + 1) {
            throw new CairnException(
                    "a prompt of %d tokens cannot be scored; expected 1 to %d"
                            .formatted(prompt.length, window + 1));
        }
        TokenBatch.packed(List.of(new int[] {prompt[prompt.length - 1]})).check(model.config());
        Pass pass = Pass.reading(model.kernels(), adapter);
        KvCache cache = model.newCache(prompt.length);
        PromptScoring scoring = new PromptScoring(model, prefixes, pass, cache, prompt, top);
        do {
            check.run();
        } while (scoring.step());
        return scoring.tokens();
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
