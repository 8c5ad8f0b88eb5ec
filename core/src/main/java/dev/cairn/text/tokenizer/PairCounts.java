package dev.cairn.text.tokenizer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts of adjacent token pairs, updated as pairs are merged; a merge visits only the words that
 * contain the pair.
 */
final class PairCounts {
    /** Two adjacent tokens, as indices into the list of tokens. */
    record Pair(int left, int right) {}

    private record Candidate(Pair pair, long count) {}

    private final List<byte[]> tokens;
    private final Map<ByteBuffer, Integer> ids = new HashMap<>();
    private final List<int[]> words = new ArrayList<>();
    private final List<Long> wordCounts = new ArrayList<>();
    private final Map<Pair, Long> counts = new HashMap<>();
    private final Map<Pair, Set<Integer>> places = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(this::compare);

    /** Counts over tokens given by their bytes; {@link #merge} appends new tokens. */
    PairCounts(List<byte[]> tokens) {
        this.tokens = tokens;
        for (int i = 0; i < tokens.size(); i++) {
            ids.put(ByteBuffer.wrap(tokens.get(i)), i);
        }
    }

    void add(int[] word, long count) {
        words.add(word);
        wordCounts.add(count);
        countPairs(words.size() - 1, null);
    }

    /** The pair to merge next, or null if no word has two tokens left. */
    @Nullable Pair mostFrequent() {
        if (queue.isEmpty()) {
            counts.forEach((pair, count) -> queue.add(new Candidate(pair, count)));
        }
        // Only pairs with the merged token gain, and those are queued again. The highest count
        // queued for a pair is therefore never too low, and a stale one is corrected when it
        // reaches the front.
        for (Candidate top = queue.poll(); top != null; top = queue.poll()) {
            long count = counts.getOrDefault(top.pair, 0L);
            if (count == top.count) {
                return top.pair;
            }
            if (count > 0) {
                queue.add(new Candidate(top.pair, count));
            }
        }
        return null;
    }

    /** Merges the pair into one token in all words. */
    void merge(Pair pair) {
        int merged = token(concat(tokens.get(pair.left), tokens.get(pair.right)));
        Set<Pair> appeared = new HashSet<>();
        for (int word : places.getOrDefault(pair, Set.of()).toArray(Integer[]::new)) {
            uncountPairs(word);
            words.set(word, replace(words.get(word), pair, merged));
            countPairs(word, appeared);
        }
        places.remove(pair);
        for (Pair p : appeared) {
            if (p.left == merged || p.right == merged) {
                queue.add(new Candidate(p, counts.getOrDefault(p, 0L)));
            }
        }
    }

    /** Runs such as "aaaaaa" may be split in two ways that produce the same token. */
    private int token(byte[] bytes) {
        return ids.computeIfAbsent(
                ByteBuffer.wrap(bytes),
                b -> {
                    tokens.add(bytes);
                    return tokens.size() - 1;
                });
    }

    private void countPairs(int word, @Nullable Set<Pair> seen) {
        int[] symbols = words.get(word);
        long count = wordCounts.get(word);
        for (int i = 0; i + 1 < symbols.length; i++) {
            Pair pair = new Pair(symbols[i], symbols[i + 1]);
            counts.merge(pair, count, Long::sum);
            places.computeIfAbsent(pair, p -> new HashSet<>()).add(word);
            if (seen != null) {
                seen.add(pair);
            }
        }
    }

    private void uncountPairs(int word) {
        int[] symbols = words.get(word);
        long count = wordCounts.get(word);
        for (int i = 0; i + 1 < symbols.length; i++) {
            Pair pair = new Pair(symbols[i], symbols[i + 1]);
            counts.computeIfPresent(pair, (p, c) -> c == count ? null : c - count);
        }
    }

    private static int[] replace(int[] symbols, Pair pair, int merged) {
        int[] result = new int[symbols.length];
        int n = 0;
        for (int i = 0; i < symbols.length; i++) {
            boolean here =
                    symbols[i] == pair.left
                            && i + 1 < symbols.length
                            && symbols[i + 1] == pair.right;
            result[n++] = here ? merged : symbols[i];
            i += here ? 1 : 0;
        }
        return Arrays.copyOf(result, n);
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    /** Most frequent first; ties go to the greater bytes. */
    private int compare(Candidate a, Candidate b) {
        int byCount = Long.compare(b.count, a.count);
        if (byCount != 0) {
            return byCount;
        }
        int byLeft = compareBytes(b.pair.left, a.pair.left);
        return byLeft != 0 ? byLeft : compareBytes(b.pair.right, a.pair.right);
    }

    private int compareBytes(int a, int b) {
        return Arrays.compareUnsigned(tokens.get(a), tokens.get(b));
    }
}
