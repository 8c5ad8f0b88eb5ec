package dev.cairn.generate;

import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * A position in a prompt that advances piece by piece, taking whole pieces from a {@link
 * PrefixCache} and adding new ones to it. Pieces end at fixed positions: 64, 128, 256, then every
 * 256 tokens.
 */
final class PrefixMatch {
    private static final int SMALLEST = 64;
    private static final int LARGEST = 256;

    private final PrefixCache prefixes;
    private final KvCache cache;
    private final int[] prompt;
    private Object before;

    PrefixMatch(PrefixCache prefixes, ForwardContext pass, KvCache cache, int[] prompt) {
        this.prefixes = prefixes;
        this.cache = cache;
        this.prompt = prompt;
        this.before = PrefixCache.root(pass.adapter());
    }

    /** The end of the piece that starts at {@code border}. */
    static int end(int border) {
        return border < SMALLEST ? SMALLEST : border + Math.min(border, LARGEST);
    }

    /** Whether the next piece is whole and not the last. */
    boolean isWhole() {
        return end(cache.length()) < prompt.length;
    }

    /** The tokens of the next piece. */
    int[] next() {
        int from = cache.length();
        return Arrays.copyOfRange(prompt, from, Math.min(end(from), prompt.length));
    }

    /** Copies the next piece into the sequence's cache, if an earlier prompt has read it. */
    boolean take() {
        PrefixCache.PrefixBlock piece = prefixes.find(before, IntBuffer.wrap(next()));
        if (piece == null) {
            return false;
        }
        cache.append(piece.segment());
        before = piece;
        return true;
    }

    /** Adds the whole piece that was just read to the prefix cache. */
    void keep(int[] ids) {
        if (prefixes.mayHold(cache.bytesOf(ids.length))) {
            int from = cache.length() - ids.length;
            before = prefixes.add(before, IntBuffer.wrap(ids), cache.copy(from));
        }
    }
}
