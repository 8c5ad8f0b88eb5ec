package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text is the numbers 0, 1, 2, …: a token says where it stands. */
class CorpusPlanTest {
    private static final int LENGTH = 7;
    private static final int NO_END = -1;

    private static int[] text(int tokens) {
        return IntStream.range(0, tokens).toArray();
    }

    private static List<TokenExample> pieces(CorpusPlan plan) {
        List<TokenExample> pieces = new ArrayList<>();
        for (int step = 0; step < plan.steps(); step++) {
            assertThat(plan.step(step)).hasSize(1);
            pieces.addAll(plan.step(step).get(0));
        }
        return pieces;
    }

    @Test
    void aPieceIsRunningTextEachTokenOfWhichIsPredicted() {
        for (TokenExample piece : pieces(new CorpusPlan(text(100), NO_END, LENGTH, 3, 20, 1))) {
            assertThat(piece.ids()).hasSize(LENGTH + 1);
            assertThat(piece.targets()).isEqualTo(LENGTH);
            int first = piece.ids()[0];
            assertThat(piece.ids()).isEqualTo(IntStream.range(first, first + 8).toArray());
        }
    }

    /** The last token of one is the first of the next: read by both, predicted by one. */
    @ParameterizedTest(name = "{0} tokens are {1} pieces")
    @CsvSource({"8, 1", "14, 1", "15, 2", "71, 10", "77, 10"})
    void anEpochSeesEveryPieceOnceAndTheyOverlapByOneToken(int tokens, int count) {
        for (long seed = 0; seed < 20; seed++) {
            List<TokenExample> pieces =
                    pieces(new CorpusPlan(text(tokens), NO_END, LENGTH, 1, 3 * count, seed));
            for (int epoch = 0; epoch < 3; epoch++) {
                assertThat(starts(pieces.subList(epoch * count, (epoch + 1) * count)))
                        .containsExactlyInAnyOrderElementsOf(
                                IntStream.range(0, count).mapToObj(i -> i * LENGTH).toList());
            }
        }
    }

    @Test
    void epochsAndSeedsHaveOrdersOfTheirOwn() {
        List<Integer> two = starts(pieces(new CorpusPlan(text(71), NO_END, LENGTH, 5, 4, 1)));
        List<Integer> other = starts(pieces(new CorpusPlan(text(71), NO_END, LENGTH, 5, 4, 9)));

        assertThat(two.subList(0, 10)).isNotEqualTo(two.subList(10, 20));
        assertThat(two).isNotEqualTo(other);
        assertThat(new TreeSet<>(two)).isEqualTo(new TreeSet<>(other));
    }

    /** A resumed run asks for its steps in another order than a whole one. */
    @Test
    void aStepFollowsFromItsNumberAlone() {
        CorpusPlan whole = new CorpusPlan(text(71), NO_END, LENGTH, 4, 12, 3);
        List<List<Integer>> expected = new ArrayList<>();
        for (int step = 0; step < 12; step++) {
            expected.add(starts(whole.step(step).get(0)));
        }
        for (int step : new int[] {11, 2, 2, 0, 7}) {
            CorpusPlan plan = new CorpusPlan(text(71), NO_END, LENGTH, 4, 12, 3);
            assertThat(starts(plan.step(step).get(0))).isEqualTo(expected.get(step));
            assertThat(starts(whole.step(step).get(0))).isEqualTo(expected.get(step));
        }
    }

    @Test
    void aTextShorterThanOnePieceIsRefused() {
        assertThatThrownBy(() -> new CorpusPlan(text(LENGTH), NO_END, LENGTH, 1, 1, 1))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "a text of 7 tokens is too short: pieces of 7 need at least 8; add text or lower sequence_len");
    }

    @Test
    void inOrderPredictsEveryTokenButTheFirstOnce() {
        for (int tokens = 2; tokens < 40; tokens++) {
            for (int batch : new int[] {1, 3}) {
                List<List<TokenExample>> batches =
                        CorpusPlan.inOrder(text(tokens), NO_END, LENGTH, batch);
                List<Integer> targets =
                        batches.stream()
                                .flatMap(List::stream)
                                .flatMap(piece -> targets(piece).stream())
                                .toList();
                assertThat(targets).isEqualTo(IntStream.range(1, tokens).boxed().toList());
                assertThat(batches).allMatch(b -> !b.isEmpty() && b.size() <= batch);
                assertThat(batches.subList(0, batches.size() - 1)).allMatch(b -> b.size() == batch);
            }
        }
    }

    @Test
    void inOrderOfATextWithNothingToPredictIsEmpty() {
        assertThat(CorpusPlan.inOrder(text(0), NO_END, LENGTH, 2)).isEmpty();
        assertThat(CorpusPlan.inOrder(text(1), NO_END, LENGTH, 2)).isEmpty();
    }

    /** Documents of 3, 5, 2, 20 and 4 tokens, each of which ends with 99. */
    private static int[] documents() {
        return IntStream.of(3, 5, 2, 20, 4)
                .flatMap(n ->
                        IntStream.concat(IntStream.range(10 * n, 10 * n + n - 1), IntStream.of(99)))
                .toArray();
    }

    @Test
    void aPieceBeginsWithADocumentUnlessOneFillsItAlone() {
        List<TokenExample> pieces = pieces(new CorpusPlan(documents(), 99, LENGTH, 1, 5, 1));

        assertThat(pieces)
                .extracting(TokenExample::ids)
                .containsExactlyInAnyOrder(
                        new int[] {30, 31, 99, 50, 51, 52, 53, 99},
                        new int[] {20, 99, 200, 201, 202, 203, 204, 205},
                        // The document of twenty tokens did not fit, so it begins again.
                        new int[] {200, 201, 202, 203, 204, 205, 206, 207},
                        new int[] {207, 208, 209, 210, 211, 212, 213, 214},
                        new int[] {214, 215, 216, 217, 218, 99, 40, 41});
    }

    @Test
    void inOrderPredictsATokenOfTwoPiecesOnce() {
        List<Integer> targets =
                CorpusPlan.inOrder(documents(), 99, LENGTH, 2).stream()
                        .flatMap(List::stream)
                        .flatMap(piece -> targets(piece).stream())
                        .toList();

        // The second piece begins where the first one ends, and so do both with a document.
        List<Integer> expected = new ArrayList<>(Arrays.stream(documents()).boxed().toList());
        expected.remove(8);
        expected.remove(0);
        assertThat(targets).isEqualTo(expected);
    }

    private static List<Integer> starts(List<TokenExample> pieces) {
        return pieces.stream().map(piece -> piece.ids()[0]).toList();
    }

    private static List<Integer> targets(TokenExample piece) {
        return Arrays.stream(piece.ids()).skip(piece.firstTarget()).boxed().toList();
    }
}
