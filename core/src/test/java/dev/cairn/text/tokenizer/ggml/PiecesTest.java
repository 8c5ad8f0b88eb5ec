package dev.cairn.text.tokenizer.ggml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PiecesTest {
    /** "Aa" and "BB" have the same hash code. */
    private static final String[] CHARACTERS = {"a", "b", "Aa", "BB", "▁", "\uD83E\uDEA8"};

    @Test
    void tokensAreCutWhereBothPartsAreTokens() {
        SplittableRandom random = new SplittableRandom(1);
        Set<String> vocabulary = new HashSet<>(List.of("\uD83E", "\uDEA8"));
        for (int i = 0; i < 500; i++) {
            vocabulary.add(text(random, 1 + random.nextInt(4)));
        }
        Pieces pieces = new Pieces(vocabulary);
        int found = 0;
        for (int i = 0; i < 500; i++) {
            // Longer than the tokens, and longer than the space that is reserved at first.
            String text = text(random, i == 0 ? 100 : 1 + random.nextInt(6));
            List<Integer> expected = cuts(text, vocabulary);
            found += expected.size();
            assertThat(pieces.cuts(text))
                    .as(text)
                    .isEqualTo(expected.stream().mapToInt(Integer::intValue).toArray());
        }
        assertThat(found).isGreaterThan(500);
    }

    private static String text(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    private static List<Integer> cuts(String text, Set<String> vocabulary) {
        List<Integer> cuts = new ArrayList<>();
        for (int cut = 1; cut < text.length(); cut++) {
            boolean splitsCharacter = Character.isLowSurrogate(text.charAt(cut));
            if (!splitsCharacter
                    && vocabulary.contains(text.substring(0, cut))
                    && vocabulary.contains(text.substring(cut))) {
                cuts.add(cut);
            }
        }
        return cuts;
    }

    @Test
    void equalScoresKeepTheOrderOfTheTokens() {
        List<String> tokens = List.of("a", "b", "ab", "ba", "aba");
        float[] scores = {0, 0, -2, 1, -2};

        assertThat(SentencePieceMerges.merges(tokens, scores))
                .containsExactly("b a", "a b", "a ba", "ab a");
    }
}
