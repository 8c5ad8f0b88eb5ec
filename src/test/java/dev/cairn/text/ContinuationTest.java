package dev.cairn.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContinuationTest {
    @TempDir Path directory;
    private Tokenizer tokenizer;

    @BeforeEach
    void load() {
        tokenizer = TestTokenizers.tiny(directory);
    }

    @Test
    void splitsWhereTheContextEnds() {
        Continuation split = Continuation.of(tokenizer, "Where is the milk?", " the garden");
        assertThat(split.contextIds()).isEqualTo(tokenizer.encode("Where is the milk?"));
        assertThat(split.continuationIds()).isEqualTo(tokenizer.encode(" the garden"));
    }

    @Test
    void trailingWhiteSpaceOfTheContextMovesToTheContinuation() {
        Continuation split = Continuation.of(tokenizer, "She went to ", "the garden");
        assertThat(split.contextIds()).isEqualTo(tokenizer.encode("She went to"));
        assertThat(split.continuationIds()).isEqualTo(tokenizer.encode(" the garden"));
        for (String space : List.of("\n", "\t \n", "\u00a0", "\u0085", "\u2028", "\u202f ")) {
            assertThat(Continuation.of(tokenizer, "milk" + space, "x").contextIds())
                    .isEqualTo(tokenizer.encode("milk"));
        }
    }

    @Test
    void theModelReadsTheContextsOwnTokensEvenWhereTheWholeIsCutElsewhere() {
        int[] context = tokenizer.encode("She went to th");
        int[] whole = tokenizer.encode("She went to the garden. She took");
        assertThat(Arrays.copyOf(whole, context.length)).isNotEqualTo(context);
        Continuation split = Continuation.of(tokenizer, "She went to th", "e garden. She took");
        assertThat(split.contextIds()).isEqualTo(context);
        assertThat(split.continuationIds())
                .isEqualTo(Arrays.copyOfRange(whole, context.length, whole.length));
    }

    @Test
    void withoutContextTheFirstTokenStandsForIt() {
        int[] whole = tokenizer.encode("the garden");
        Continuation split = Continuation.of(tokenizer, "", "the garden");
        assertThat(split.contextIds()).containsExactly(whole[0]);
        assertThat(split.continuationIds())
                .isNotEmpty()
                .isEqualTo(Arrays.copyOfRange(whole, 1, whole.length));
        assertThat(Continuation.of(tokenizer, "\n", "the").contextIds())
                .containsExactly(tokenizer.encode("\n")[0]);
        assertThat(Continuation.of(tokenizer, "", "a").continuationIds()).isEmpty();
    }

    @Test
    void refusesContinuationsWithoutATokenOfTheirOwn() {
        assertThatThrownBy(() -> Continuation.of(tokenizer, "a", ""))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected text to score");
        assertThat(tokenizer.encode("the")).hasSameSizeAs(tokenizer.encode("th"));
        assertThatThrownBy(() -> Continuation.of(tokenizer, "th", "e"))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("begin it with a space");
    }
}
