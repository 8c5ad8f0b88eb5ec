package dev.cairn.data.probes;

import dev.cairn.data.TokenExample;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Makes sequences of random tokens that occur twice, as in Olsson et al. 2022, "In-context Learning
 * and Induction Heads".
 *
 * @param vocabulary the tokens to choose from
 * @param leading the special tokens before a text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Repeat(int[] vocabulary, int[] leading) {
    /** From all tokens that stand for text. */
    static Repeat of(Tokenizer tokenizer) {
        int[] vocabulary =
                IntStream.range(0, tokenizer.vocabSize())
                        .filter(id -> !tokenizer.isSpecial(id) && tokenizer.bytes(id).length > 0)
                        .toArray();
        return new Repeat(vocabulary, tokenizer.leadingTokens());
    }

    /** Whether there are enough tokens for a sequence. */
    boolean has(int size) {
        return vocabulary.length >= size;
    }

    /**
     * A sequence and the same again, to predict from the copy's second token on: the first follows
     * from nothing. Its tokens are all different, so that each has but one successor.
     */
    TokenExample example(int size, SplittableRandom random) {
        Set<Integer> chosen = new LinkedHashSet<>();
        while (chosen.size() < size) {
            chosen.add(vocabulary[random.nextInt(vocabulary.length)]);
        }
        int[] sequence = chosen.stream().mapToInt(id -> id).toArray();
        int[] ids =
                IntStream.concat(
                                IntStream.of(leading),
                                IntStream.concat(IntStream.of(sequence), IntStream.of(sequence)))
                        .toArray();
        return new TokenExample(ids, leading.length + size + 1);
    }
}
