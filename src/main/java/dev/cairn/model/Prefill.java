package dev.cairn.model;

import dev.cairn.tensor.Tensor;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Reads a prompt into an empty cache, in pieces that end at fixed positions: 64, 128, 256, then
 * every 256. What a matrix product gives for one row may depend, in its last bits, on how many rows
 * it is given; so a token is always read together with the same others, whether or not what comes
 * before was read for an earlier prompt. Only whole pieces are shared, and the last one, whose
 * hidden state the first new token is chosen from, is always read.
 */
final class Prefill {
    private static final int SMALLEST = 64;
    private static final int LARGEST = 256;

    /**
     * Hidden states asked for beside the last: as many rows as the native product takes. The way to
     * the first new token is then free of the kernels for single rows, which a process that has
     * just begun has not compiled yet.
     */
    private static final int LAST_ROWS = 8;

    private final CausalLm model;
    private final PrefixCache prefixes;

    Prefill(CausalLm model, PrefixCache prefixes) {
        this.model = model;
        this.prefixes = prefixes;
    }

    /** Where the piece ends that begins at a border. */
    static int end(int border) {
        return border < SMALLEST ? SMALLEST : border + Math.min(border, LARGEST);
    }

    /** The hidden states of the last tokens of a prompt; the last row is that of its last token. */
    Tensor read(Pass pass, KvCache cache, int[] prompt) {
        Object before = PrefixCache.root(pass.adapter());
        while (end(cache.length()) < prompt.length) {
            int from = cache.length();
            int[] ids = Arrays.copyOfRange(prompt, from, end(from));
            PrefixCache.Piece piece = prefixes.find(before, IntBuffer.wrap(ids));
            if (piece != null) {
                cache.append(piece.segment());
                before = piece;
                continue;
            }
            forward(pass, cache, ids, new int[0]);
            if (prefixes.mayHold(cache.bytesOf(ids.length))) {
                before = prefixes.add(before, IntBuffer.wrap(ids), cache.copy(from));
            }
        }
        int[] last = Arrays.copyOfRange(prompt, cache.length(), prompt.length);
        int count = Math.min(LAST_ROWS, last.length);
        int first = last.length - count;
        return forward(pass, cache, last, IntStream.range(first, last.length).toArray());
    }

    private Tensor forward(Pass pass, KvCache cache, int[] ids, int... wanted) {
        TokenBatch batch = TokenBatch.next(ids, cache.length()).wanting(wanted);
        return model.forward(pass, batch, cache).hidden();
    }
}
