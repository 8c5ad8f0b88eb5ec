package dev.cairn.stack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where tokens begin, also where one character is several tokens and one token several. */
class TokenPositionsTest {
    private final TokenPositions positions = new TokenPositions(false);

    /** A token whose text is complete. */
    private int whole(TokenPositions in, String piece, Integer... bytes) {
        int start = in.next(List.of(bytes), true);
        in.complete(piece, false);
        return start;
    }

    /** A token that ends within a character. */
    private int partial(Integer... bytes) {
        int start = positions.next(List.of(bytes), true);
        positions.complete("", true);
        return start;
    }

    private int special() {
        int start = positions.next(List.of(60, 115, 62), false);
        positions.complete("", false);
        return start;
    }

    @Test
    void wholeCharactersCountAsCodePoints() {
        assertThat(whole(positions, "ab", 97, 98)).isZero();
        assertThat(whole(positions, "😀", 0xF0, 0x9F, 0x98, 0x80)).isEqualTo(2);
        assertThat(whole(positions, "c", 99)).isEqualTo(3);
    }

    @Test
    void aCharacterOverSeveralTokensCountsOnce() {
        assertThat(whole(positions, "a", 97)).isZero();
        assertThat(partial(0xE2)).isEqualTo(1);
        assertThat(partial(0x82)).isEqualTo(1);
        assertThat(whole(positions, "€b", 0xAC, 98)).isEqualTo(1);
        assertThat(whole(positions, "c", 99)).isEqualTo(3);
    }

    @Test
    void aSpecialTokenTakesNoPlace() {
        assertThat(special()).isZero();
        assertThat(whole(positions, "a", 97)).isZero();
        assertThat(special()).isEqualTo(1);
        assertThat(whole(positions, "b", 98)).isEqualTo(1);
    }

    /** As SentencePiece drops the space before the first word of a text. */
    @Test
    void whatTheDecoderDropsTakesNoPlace() {
        assertThat(whole(positions, "to", 32, 116, 111)).isZero();
        assertThat(whole(positions, " be", 32, 98, 101)).isEqualTo(2);
    }

    @Test
    void trimmedWhiteSpaceTakesNoPlace() {
        TokenPositions trimmed = new TokenPositions(true);
        assertThat(whole(trimmed, "\n", 10)).isZero();
        assertThat(whole(trimmed, " to", 32, 116, 111)).isZero();
        assertThat(whole(trimmed, " be", 32, 98, 101)).isEqualTo(2);
    }
}
