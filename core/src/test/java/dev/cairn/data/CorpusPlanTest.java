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
import org.junit.jupiter.params.provider.ValueSource;

/** The text is the numbers 0, 1, 2, …: a token says where it stands. */
class CorpusPlanTest {
    private static final int LENGTH = 7;
    private static final int END = 999;

    private static List<TokenExample> text(int tokens) {
        return List.of(new TokenExample(IntStream.range(0, tokens).toArray(), 1));
    }

    /** Documents of 3, 5, 20 and 4 tokens, each of which ends with {@link #END}. */
    private static List<TokenExample> documents() {
        return IntStream.of(3, 5, 20, 4)
                .mapToObj(n ->
                        IntStream.concat(IntStream.range(10 * n, 10 * n + n - 1), IntStream.of(END))
                                .toArray())
                .map(ids -> new TokenExample(ids, 1))
                .toList();
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
    void aDocumentIsAnExampleAndOnlyALongOneIsCut() {
        // 28 tokens are predicted, 7 a step: four steps are an epoch.
        List<TokenExample> pieces = pieces(new CorpusPlan(documents(), LENGTH, 1, 4, 1));

        assertThat(pieces)
                .extracting(TokenExample::ids)
                .containsExactlyInAnyOrder(
                        new int[] {30, 31, END},
                        new int[] {50, 51, 52, 53, END},
                        new int[] {200, 201, 202, 203, 204, 205, 206, 207},
                        new int[] {207, 208, 209, 210, 211, 212, 213, 214},
                        new int[] {214, 215, 216, 217, 218, END},
                        new int[] {40, 41, 42, END});
        assertThat(pieces).allMatch(piece -> piece.firstTarget() == 1);
    }

    @ParameterizedTest(name = "{0} tokens are {1} pieces")
    @CsvSource({"8, 1", "14, 2", "15, 2", "71, 10", "77, 11"})
    void anEpochSeesEveryPieceOnceAndTheyOverlapByOneToken(int tokens, int count) {
        for (long seed = 0; seed < 20; seed++) {
            int steps = Math.max(1, (tokens - 1) / LENGTH);
            List<TokenExample> pieces =
                    pieces(new CorpusPlan(text(tokens), LENGTH, 1, 3 * steps, seed));
            for (int epoch = 0; epoch < 3; epoch++) {
                assertThat(starts(pieces.subList(epoch * count, (epoch + 1) * count)))
                        .containsExactlyInAnyOrderElementsOf(
                                IntStream.range(0, count).mapToObj(i -> i * LENGTH).toList());
            }
        }
    }

    /** A step ends with the first piece that reaches beyond it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aStepHasAboutTheTokensOfItsRows(int batch) {
        List<TokenExample> many =
                IntStream.range(0, 100).boxed().flatMap(i -> documents().stream()).toList();
        int steps = 28 * 100 / (batch * LENGTH);
        CorpusPlan plan = new CorpusPlan(many, LENGTH, batch, steps, 1);
        int seen = 0;
        for (int step = 0; step < steps - 1; step++) {
            seen += plan.step(step).getFirst().stream().mapToInt(TokenExample::targets).sum();
            assertThat(seen - batch * LENGTH * (step + 1)).isBetween(0, LENGTH - 1);
        }
    }

    @Test
    void epochsAndSeedsHaveOrdersOfTheirOwn() {
        List<Integer> two = starts(pieces(new CorpusPlan(text(71), LENGTH, 5, 4, 1)));
        List<Integer> other = starts(pieces(new CorpusPlan(text(71), LENGTH, 5, 4, 9)));

        assertThat(two.subList(0, 10)).isNotEqualTo(two.subList(10, 20));
        assertThat(two).isNotEqualTo(other);
        assertThat(new TreeSet<>(two)).isEqualTo(new TreeSet<>(other));
    }

    /** A resumed run asks for its steps in another order than a whole one. */
    @Test
    void aStepFollowsFromItsNumberAlone() {
        CorpusPlan whole = new CorpusPlan(documents(), LENGTH, 1, 12, 3);
        List<List<Integer>> expected = new ArrayList<>();
        for (int step = 0; step < 12; step++) {
            expected.add(starts(whole.step(step).get(0)));
        }
        for (int step : new int[] {11, 2, 2, 0, 7}) {
            CorpusPlan plan = new CorpusPlan(documents(), LENGTH, 1, 12, 3);
            assertThat(starts(plan.step(step).get(0))).isEqualTo(expected.get(step));
            assertThat(starts(whole.step(step).get(0))).isEqualTo(expected.get(step));
        }
    }

    @Test
    void aTextShorterThanOneRowIsRefused() {
        assertThatThrownBy(() -> new CorpusPlan(text(LENGTH), LENGTH, 1, 1, 1))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "a text of 7 tokens is too short: rows of 7 need at least 8; add text or lower sequence_len");
    }

    @Test
    void inOrderPredictsEveryTokenOfADocumentButTheFirstOnce() {
        for (int tokens = 2; tokens < 40; tokens++) {
            for (int batch : new int[] {1, 3}) {
                List<List<TokenExample>> batches = CorpusPlan.inOrder(text(tokens), LENGTH, batch);
                assertThat(targets(batches)).isEqualTo(IntStream.range(1, tokens).boxed().toList());
                assertThat(batches).allMatch(b -> !b.isEmpty() && b.size() <= batch);
                assertThat(batches.subList(0, batches.size() - 1)).allMatch(b -> b.size() == batch);
            }
        }
        assertThat(targets(CorpusPlan.inOrder(documents(), LENGTH, 2)))
                .containsExactly(
                        31, END, 51, 52, 53, END, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210,
                        211, 212, 213, 214, 215, 216, 217, 218, END, 41, 42, END);
    }

    @Test
    void inOrderOfNoDocumentsIsEmpty() {
        assertThat(CorpusPlan.inOrder(List.of(), LENGTH, 2)).isEmpty();
    }

    /** What is given counts as read; a piece of a long document that is all given is left out. */
    @Test
    void whatIsGivenIsReadAndNotPredicted() {
        TokenExample document = new TokenExample(IntStream.range(0, 30).toArray(), 18);
        List<TokenExample> pieces = pieces(new CorpusPlan(List.of(document), LENGTH, 1, 2, 1));

        assertThat(pieces.stream().flatMap(piece -> targets(piece).stream()))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(18, 30).boxed().toList());
        assertThat(starts(pieces)).containsExactlyInAnyOrder(14, 21, 28);
        assertThat(targets(CorpusPlan.inOrder(List.of(document), LENGTH, 1)))
                .isEqualTo(IntStream.range(18, 30).boxed().toList());
    }

    private static List<Integer> targets(List<List<TokenExample>> batches) {
        return batches.stream()
                .flatMap(List::stream)
                .flatMap(piece -> targets(piece).stream())
                .toList();
    }

    private static List<Integer> starts(List<TokenExample> pieces) {
        return pieces.stream().map(piece -> piece.ids()[0]).toList();
    }

    private static List<Integer> targets(TokenExample piece) {
        return Arrays.stream(piece.ids()).skip(piece.firstTarget()).boxed().toList();
    }
}
