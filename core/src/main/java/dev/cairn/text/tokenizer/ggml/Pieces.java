package dev.cairn.text.tokenizer.ggml;

import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A vocabulary that says where its tokens can be cut in two. A large vocabulary has millions of
 * possible cuts, so both parts are looked up by the hash codes they would have as texts, and
 * nothing is copied.
 */
final class Pieces {
    /** Of two, at least one is free. */
    private static final int SLOTS_PER_TOKEN = 2;

    /** The base of {@link String#hashCode}: {@code Σ c[i] · 31^(n - 1 - i)}. */
    private static final int BASE = 31;

    private final @Nullable String[] tokens;
    private final int[] hashes;
    private final int mask;
    private int[] endHashes = new int[64];
    private int[] cuts = new int[64];

    Pieces(Collection<String> vocabulary) {
        int slots = Integer.highestOneBit(SLOTS_PER_TOKEN * vocabulary.size() + 1) * 2;
        tokens = new @Nullable String[slots];
        hashes = new int[slots];
        mask = slots - 1;
        for (String token : vocabulary) {
            int at = start(token.hashCode());
            while (tokens[at] != null) {
                at = at + 1 & mask;
            }
            tokens[at] = token;
            hashes[at] = token.hashCode();
        }
    }

    /**
     * The places where a token can be cut into two tokens, in order; characters outside the BMP are
     * not split.
     */
    int[] cuts(String token) {
        int n = token.length();
        if (cuts.length < n) {
            cuts = new int[n];
            endHashes = new int[n];
        }
        int endHash = 0;
        int power = 1;
        for (int i = n - 1; i > 0; i--) {
            endHash += token.charAt(i) * power;
            power *= BASE;
            endHashes[i] = endHash;
        }
        int found = 0;
        int hash = 0;
        for (int cut = 1; cut < n; cut++) {
            hash = BASE * hash + token.charAt(cut - 1);
            if (!Character.isLowSurrogate(token.charAt(cut))
                    && has(token, 0, cut, hash)
                    && has(token, cut, n, endHashes[cut])) {
                cuts[found++] = cut;
            }
        }
        return Arrays.copyOf(cuts, found);
    }

    /** Whether a part of a text, which has this hash code, is a token. */
    private boolean has(String text, int from, int to, int hash) {
        int at = start(hash);
        for (String token = tokens[at]; token != null; token = tokens[at]) {
            if (hashes[at] == hash && token.length() == to - from && text.startsWith(token, from)) {
                return true;
            }
            at = at + 1 & mask;
        }
        return false;
    }

    /** Spreads hash codes, which are alike for similar texts. */
    private int start(int hash) {
        int spread = hash * 0x9E3779B9; // 2^32 divided by the golden ratio (Knuth 1973, 6.4)
        return (spread ^ spread >>> 16) & mask;
    }
}
