package dev.cairn.generate;

import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.TokenBatch;
import dev.cairn.model.Workspace;
import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Computes the likelihood of every token of a prompt except the first, which has nothing before it.
 * The last token is only predicted, not read. Everything is computed in float32, even where answers
 * are not, so that results agree across machines within 1e-4. Whole pieces are cached for those who
 * continue the prompt, if they compute in float32 too, but never taken from the cache, since their
 * hidden states are needed here.
 */
final class PromptScoring implements PrefillTask {
    /**
     * Rows of logits computed at a time: those of a whole prompt would take more memory than the
     * model.
     */
    private static final int ROWS = 64;

    private final CausalLm model;
    private final ForwardContext pass;
    private final KvCache cache;
    private final int[] prompt;
    private final int top;
    private final PrefixMatch match;
    private final List<PromptToken> tokens = new ArrayList<>();

    /**
     * @param cache empty, with room for all tokens of the prompt except the last
     */
    PromptScoring(
            CausalLm model,
            PrefixCache prefixes,
            ForwardContext pass,
            KvCache cache,
            int[] prompt,
            int top) {
        this.model = model;
        this.pass = pass.inFloat32();
        this.cache = cache;
        this.prompt = prompt;
        this.top = top;
        boolean isShared = this.pass.kernels() == pass.kernels();
        this.match = new PrefixMatch(isShared ? prefixes : PrefixCache.NONE, pass, cache, prompt);
    }

    /** One entry for each token except the first; valid once everything has been read. */
    List<PromptToken> tokens() {
        return List.copyOf(tokens);
    }

    @Override
    public boolean step() {
        boolean isWhole = match.isWhole();
        int[] ids = isWhole ? match.next() : withoutLast(match.next());
        if (ids.length > 0) {
            TokenBatch batch = TokenBatch.next(ids, cache.length());
            Tensor hidden = model.forward(pass, batch, cache).hidden();
            for (int row = 0; row < ids.length; row += ROWS) {
                score(hidden, row, Math.min(ROWS, ids.length - row));
            }
        }
        if (isWhole) {
            match.keep(ids);
        }
        return isWhole;
    }

    private static int[] withoutLast(int[] ids) {
        return Arrays.copyOf(ids, ids.length - 1);
    }

    private void score(Tensor hidden, int from, int count) {
        try (Workspace.Frame frame = pass.frame()) {
            Tensor rows = pass.blank(count, hidden.cols());
            pass.kernels().elementwise().copyRows(hidden, from, rows, 0, count);
            Tensor logits = model.head().forward(pass, rows).y();
            for (int row = 0; row < count; row++) {
                float[] line = new float[logits.cols()];
                logits.read(row, 0, logits.cols(), line, 0);
                tokens.add(PromptToken.of(prompt[tokens.size() + 1], line, top));
            }
        }
    }
}
