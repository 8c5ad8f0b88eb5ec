package dev.cairn.convert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * SentencePiece's BPE (Kudo and Richardson 2018) merges the neighbours that make the token of the
 * highest score; Hugging Face's merges the pair that stands first in a list. Both cut text alike if
 * the list has every pair that makes a token, token by token in the order of the scores.
 */
final class SentencePieceMerges {
    private SentencePieceMerges() {}

    /** Two tokens that become one. */
    record Pair(String left, String right) {
        String joined() {
            return left + right;
        }
    }

    /**
     * The scores of tokens that a list of merges makes: minus the place of the first.
     *
     * @param vocabulary the tokens that may be merged or made
     * @return empty when no scores have the effect of the list
     */
    static Optional<Map<String, Float>> scores(List<Pair> merges, Set<String> vocabulary) {
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
     * The list of merges that scores stand for.
     *
     * @param scores of the tokens that may be merged or made, in the order of their ids
     */
    static List<Pair> merges(Map<String, Float> scores) {
        List<Pair> merges = new ArrayList<>();
        scores.entrySet().stream()
                .sorted(Comparator.comparingDouble(entry -> -entry.getValue()))
                .forEach(entry -> merges.addAll(pairs(entry.getKey(), scores.keySet())));
        return merges;
    }

    /** All pairs of tokens that make a token; characters outside the BMP stay whole. */
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
