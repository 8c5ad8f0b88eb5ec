package dev.cairn.text.tokenizer.ggml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Converts between SentencePiece's scores and Hugging Face's merges. SentencePiece's BPE (Kudo and
 * Richardson 2018) merges the neighbours that form the token with the highest score; Hugging Face's
 * merges the pair that comes first in a list. Both tokenize text alike if the list has every pair
 * that forms a token, token by token in the order of the scores.
 */
public final class SentencePieceMerges {
    private SentencePieceMerges() {}

    /** Two tokens that become one. */
    public record Pair(String left, String right) {
        String joined() {
            return left + right;
        }
    }

    /**
     * The scores of the tokens that a list of merges forms: minus the position of each token's
     * first merge.
     *
     * @param vocabulary the tokens that may be merged or formed
     * @return empty when no scores have the same effect as the list
     */
    public static Optional<Map<String, Float>> scores(List<Pair> merges, Set<String> vocabulary) {
        Set<Pair> listed = new HashSet<>(merges);
        Map<String, Float> scores = new HashMap<>();
        String last = "";
        for (int i = 0; i < merges.size(); i++) {
            String made = merges.get(i).joined();
            if (!made.equals(last) && scores.put(made, (float) -i) != null) {
                return Optional.empty();
            }
            last = made;
        }
        Pieces pieces = new Pieces(vocabulary);
        for (String token : vocabulary) {
            for (int cut : pieces.cuts(token)) {
                if (!listed.contains(new Pair(token.substring(0, cut), token.substring(cut)))) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(scores);
    }

    /**
     * The list of merges that has the same effect as the scores, each as two tokens with a space
     * between.
     *
     * @param tokens that may be merged or formed, in the order of their ids
     * @param scores of these tokens
     */
    static List<String> merges(List<String> tokens, float[] scores) {
        List<String> merges = new ArrayList<>(2 * tokens.size());
        Pieces pieces = new Pieces(tokens);
        for (int i : highestFirst(scores, tokens.size())) {
            String token = tokens.get(i);
            for (int cut : pieces.cuts(token)) {
                merges.add(token.substring(0, cut) + " " + token.substring(cut));
            }
        }
        return merges;
    }

    /** The indices of the first {@code n} scores; equal ones stay in order. */
    private static int[] highestFirst(float[] scores, int n) {
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) {
            int bits = Float.floatToIntBits(-scores[i]);
            // Negative floats have their magnitude in the other direction than integers.
            int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
            keys[i] = (long) ascending << 32 | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }
}
