package dev.cairn.generate;

import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.TokenBatch;
import dev.cairn.tensor.Tensor;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a prompt into an empty cache, in the pieces defined by {@link PrefixMatch}. The last bits
 * of a matrix product's row can depend on the number of rows, so a token is always read together
 * with the same other tokens, whether or not the pieces before it come from an earlier prompt. Only
 * whole pieces are shared. The last piece is always read, since its last hidden state is needed to
 * choose the first new token.
 */
final class Prefill implements PrefillTask {
    /**
     * Number of hidden states computed at the end of a prompt: the minimum number of rows of the
     * native product. The first new token then does not need the kernels for single rows, which a
     * new process has not compiled yet.
     */
    private static final int LAST_ROWS = 8;

    private final CausalLm model;
    private final ForwardContext pass;
    private final KvCache cache;
    private final PrefixMatch match;
    private @Nullable Tensor hidden;

    /**
     * @param prompt at least one token
     */
    Prefill(
            CausalLm model,
            PrefixCache prefixes,
            ForwardContext pass,
            KvCache cache,
            int[] prompt) {
        this.model = model;
        this.pass = pass;
        this.cache = cache;
        this.match = new PrefixMatch(prefixes, pass, cache, prompt);
    }

    /** Reads the whole prompt and returns {@link #hidden}. */
    Tensor read() {
        finish();
        return hidden();
    }

    /** The hidden states of the prompt's last tokens; the last row belongs to its last token. */
    Tensor hidden() {
        return Objects.requireNonNull(hidden, "the prompt has not been read yet");
    }

    @Override
    public boolean step() {
        boolean isRunning = true;
        while (isRunning && match.isWhole()) {
            isRunning = match.take();
        }
        int[] ids = match.next();
        if (match.isWhole()) {
            forward(ids, new int[0]);
            match.keep(ids);
            return true;
        }
        int first = Math.max(0, ids.length - LAST_ROWS);
        hidden = forward(ids, IntStream.range(first, ids.length).toArray());
        return false;
    }

    private Tensor forward(int[] ids, int... wanted) {
        TokenBatch batch = TokenBatch.next(ids, cache.length()).wanting(wanted);
        return model.forward(pass, batch, cache).hidden();
    }
}
