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
 * Reads a prompt into an empty cache, in the pieces of {@link PrefixMatch}. What a matrix product
 * gives for one row may depend, in its last bits, on how many rows it is given; so a token is
 * always read together with the same others, whether or not what comes before was read for an
 * earlier prompt. Only whole pieces are shared, and the last one, whose hidden state the first new
 * token is chosen from, is always read.
 */
final class Prefill implements PrefillTask {
    /**
     * Hidden states asked for beside the last: as many rows as the native product takes. The way to
     * the first new token is then free of the kernels for single rows, which a process that has
     * just begun has not compiled yet.
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

    /** Reads all of it; what is returned is {@link #hidden}. */
    Tensor read() {
        finish();
        return hidden();
    }

    /** The hidden states of the last tokens of a prompt; the last row is that of its last token. */
    Tensor hidden() {
        return Objects.requireNonNull(hidden, "the prompt is not read yet");
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
