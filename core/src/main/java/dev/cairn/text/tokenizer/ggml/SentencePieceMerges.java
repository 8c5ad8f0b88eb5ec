package dev.cairn.text.tokenizer.ggml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

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
        for (String token : vocabulary) {
            if (!listed.containsAll(pairs(token, vocabulary))) {
                return Optional.empty();
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
        Set<String> vocabulary = new HashSet<>(tokens);
        List<String> merges = new ArrayList<>(2 * tokens.size());
        IntStream.range(0, tokens.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .flatMap(i -> pairs(tokens.get(i), vocabulary).stream())
                .forEach(pair -> merges.add(pair.left() + " " + pair.right()));
        return merges;
    }

    /** All pairs of tokens that form a token; characters outside the BMP are not split. */
    private static List<Pair> pairs(String token, Set<String> vocabulary) {
        List<Pair> pairs = new ArrayList<>();
        for (int cut = 1; cut < token.length(); cut++) {
            if (Character.isLowSurrogate(token.charAt(cut))) {
                continue;
            }
            String left = token.substring(0, cut);
            String right = token.substring(cut);
            if (vocabulary.contains(left) && vocabulary.contains(right)) {
                pairs.add(new Pair(left, right));
            }
        }
        return pairs;
    }
}
