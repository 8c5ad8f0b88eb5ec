package dev.cairn.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.text.TokenProbability;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where tokens begin, also where one character is several tokens and one token several. */
class TextOffsetsTest {
    private static TokenProbability token(String text, Integer... bytes) {
        return new TokenProbability(0, text, List.of(bytes), -1.0, List.of());
    }

    private static List<Integer> offsets(int start, TokenProbability... tokens) {
        TextOffsets offsets = new TextOffsets(start);
        return Stream.of(tokens).map(offsets::next).toList();
    }

    @Test
    void wholeCharactersCountAsCodePoints() {
        assertThat(
                        offsets(
                                2,
                                token("ab", 97, 98),
                                token("😀", 0xF0, 0x9F, 0x98, 0x80),
                                token("c", 99)))
                .containsExactly(2, 4, 5);
    }

    @Test
    void aCharacterOverSeveralTokensCountsOnce() {
        assertThat(
                        offsets(
                                0,
                                token("a", 97),
                                token("\uFFFD", 0xE2),
                                token("\uFFFD", 0x82),
                                token("\uFFFD", 0xAC, 98),
                                token("c", 99)))
                .containsExactly(0, 1, 1, 1, 3);
    }

    @Test
    void aTokenWithoutTextTakesNoPlace() {
        assertThat(offsets(0, token("", 60, 115, 62), token("a", 97), token("b", 98)))
                .containsExactly(0, 0, 1);
    }
}
