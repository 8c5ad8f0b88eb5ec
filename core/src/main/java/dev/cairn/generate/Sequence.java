package dev.cairn.generate;

import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.Workspace;
import dev.cairn.tensor.Tensor;
import java.util.List;

/**
 * One sequence being read by a model, alone or together with others; its results are the same
 * either way. Closing it frees its memory and its place. Not thread-safe: only its owner may use
 * it.
 */
abstract sealed class Sequence implements AutoCloseable permits SingleSequence, BatchedSequence {
    private final Generator generator;
    private final ForwardContext pass;
    private final KvCache cache;

    /** Those after the last token; with a large vocabulary new ones each time fill the heap. */
    private float[] logits = {};

    Sequence(Generator generator, ForwardContext pass, KvCache cache) {
        this.generator = generator;
        this.pass = pass;
        this.cache = cache;
    }

    /** Reads all pieces of a task; returns when they have been read. */
    abstract void run(PrefillTask prefill);

    /** Reads one more token; returns the logits of the token that follows, until the next call. */
    abstract float[] next(int token);

    @Override
    public abstract void close();

    /** Reads a prompt; returns the logits of the token that follows. */
    float[] read(int[] prompt) {
        FirstLogits first =
                new FirstLogits(
                        new Prefill(generator.model(), generator.prefixes(), pass, cache, prompt));
        run(first);
        return first.logits;
    }

    /** Reads and scores a prompt. */
    List<PromptToken> score(int[] prompt, int top) {
        PromptScoring scoring =
                new PromptScoring(
                        generator.model(), generator.prefixes(), pass, cache, prompt, top);
        run(scoring);
        return scoring.tokens();
    }

    Generator generator() {
        return generator;
    }

    ForwardContext pass() {
        return pass;
    }

    KvCache cache() {
        return cache;
    }

    /** Reads a prompt and computes the logits after it; the head runs as part of the last piece. */
    private final class FirstLogits implements PrefillTask {
        private final Prefill prefill;
        private float[] logits = {};

        FirstLogits(Prefill prefill) {
            this.prefill = prefill;
        }

        @Override
        public boolean step() {
            boolean isMore = prefill.step();
            if (!isMore) {
                logits = lastLogits(prefill.hidden());
            }
            return isMore;
        }
    }

    /** The logits of the last of several rows; {@link Prefill} explains why there are several. */
    float[] lastLogits(Tensor hidden) {
        try (Workspace.Frame frame = pass.frame()) {
            Tensor all = generator.model().head().forward(pass, hidden).y();
            return row(all, all.rows() - 1);
        }
    }

    /** A copy of one row, which the next copy overwrites. */
    float[] row(Tensor all, int row) {
        if (logits.length != all.cols()) {
            logits = new float[all.cols()];
        }
        all.read(row, 0, logits.length, logits, 0);
        return logits;
    }
}
