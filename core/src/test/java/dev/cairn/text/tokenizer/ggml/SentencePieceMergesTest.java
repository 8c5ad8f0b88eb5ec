package dev.cairn.text.tokenizer.ggml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SentencePieceMergesTest {
    @Test
    void everyPairThatFormsATokenIsListedHighestScoreFirst() {
        List<String> tokens = List.of("a", "b", "ab", "ba", "aba");
        float[] scores = {0, 0, -2, 1, -2};

        // "ab" and "aba" have the same score, and keep the order of the tokens.
        assertThat(SentencePieceMerges.merges(tokens, scores))
                .containsExactly("b a", "a b", "a ba", "ab a");
    }

    @Test
    void aCharacterOutsideTheBmpIsNotSplit() {
        String rock = "\uD83E\uDEA8";
        List<String> tokens = List.of(rock, "\uD83E", "\uDEA8", rock + rock);

        assertThat(SentencePieceMerges.merges(tokens, new float[4]))
                .containsExactly(rock + " " + rock);
    }
}
