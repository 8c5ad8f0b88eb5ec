package dev.cairn.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContinuationTest {
    /** An id outside the tiny vocabulary: no text begins with it. */
    private static final OptionalInt PREFIX = OptionalInt.of(999);

    @TempDir Path directory;
    private Tokenizer tokenizer;

    @BeforeEach
    void load() {
        tokenizer = TestTokenizers.tiny(directory);
    }

    @Test
    void splitsWhereTheContextEnds() {
        Continuation split =
                Continuation.of(tokenizer, "Where is the milk?", true, " the garden", PREFIX);
        assertThat(split.contextIds()).isEqualTo(tokenizer.encode("Where is the milk?"));
        assertThat(split.continuationIds()).isEqualTo(tokenizer.encode(" the garden"));
    }

    @Test
    void trailingWhiteSpaceOfTheContextMovesToTheContinuation() {
        Continuation split = Continuation.of(tokenizer, "She went to ", true, "the garden", PREFIX);
        assertThat(split.contextIds()).isEqualTo(tokenizer.encode("She went to"));
        assertThat(split.continuationIds()).isEqualTo(tokenizer.encode(" the garden"));
        for (String space : List.of("\n", "\t \n", "\u00a0", "\u0085", "\u2028", "\u202f ")) {
            assertThat(Continuation.of(tokenizer, "milk" + space, true, "x", PREFIX).contextIds())
                    .isEqualTo(tokenizer.encode("milk"));
        }
    }

    @Test
    void theModelReadsTheContextsOwnTokensEvenWhereTheWholeIsCutElsewhere() {
        int[] context = tokenizer.encode("She went to th");
        int[] whole = tokenizer.encode("She went to the garden. She took");
        assertThat(Arrays.copyOf(whole, context.length)).isNotEqualTo(context);
        Continuation split =
                Continuation.of(tokenizer, "She went to th", true, "e garden. She took", PREFIX);
        assertThat(split.contextIds()).isEqualTo(context);
        assertThat(split.continuationIds())
                .isEqualTo(Arrays.copyOfRange(whole, context.length, whole.length));
    }

    @Test
    void withoutContextThePrefixStandsForIt() {
        for (String context : List.of("", "\n", " \t")) {
            Continuation split = Continuation.of(tokenizer, context, true, "the garden", PREFIX);
            assertThat(split.contextIds()).containsExactly(999);
            assertThat(split.continuationIds()).isEqualTo(tokenizer.encode(context + "the garden"));
        }
    }

    @Test
    void aTextThatBeginsWithThePrefixHasItOnce() {
        int[] whole = tokenizer.encode("the garden");
        Continuation split =
                Continuation.of(tokenizer, "", true, "the garden", OptionalInt.of(whole[0]));
        assertThat(split.contextIds()).containsExactly(whole[0]);
        assertThat(split.continuationIds()).isEqualTo(Arrays.copyOfRange(whole, 1, whole.length));
    }

    @Test
    void refusesToScoreWithNeitherContextNorPrefix() {
        assertThatThrownBy(() -> Continuation.of(tokenizer, "", true, "the", OptionalInt.empty()))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("names no token that begins or ends a text");
    }

    @Test
    void refusesContinuationsWithoutATokenOfTheirOwn() {
        assertThatThrownBy(() -> Continuation.of(tokenizer, "a", true, "", PREFIX))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected text to score");
        assertThat(tokenizer.encode("the")).hasSameSizeAs(tokenizer.encode("th"));
        assertThatThrownBy(() -> Continuation.of(tokenizer, "th", true, "e", PREFIX))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("begin it with a space");
    }
}
