package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The first token of an example is its number. */
class ExamplePlanTest {
    private static final int SEEDS = 100;

    private static TokenExample example(int number, int length) {
        int[] ids = new int[length];
        ids[0] = number;
        return new TokenExample(ids, 1);
    }

    private static List<TokenExample> examples(int... lengths) {
        return IntStream.range(0, lengths.length).mapToObj(i -> example(i, lengths[i])).toList();
    }

    private static List<Integer> numbers(List<TokenExample> examples) {
        return examples.stream().map(example -> example.ids()[0]).toList();
    }

    private static List<Integer> order(ExamplePlan plan) {
        List<Integer> order = new ArrayList<>();
        for (int step = 0; step < plan.steps(); step++) {
            plan.step(step).forEach(batch -> order.addAll(numbers(batch)));
        }
        return order;
    }

    /** Random sizes of everything, examples longer than a row among them. */
    private record Case(
            List<TokenExample> examples,
            int epochs,
            int sequenceLen,
            int rows,
            int accumulation,
            long seed) {
        static Case of(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            int sequenceLen = random.nextInt(4, 30);
            int[] lengths = random.ints(random.nextInt(1, 40), 2, sequenceLen + 5).toArray();
            return new Case(
                    ExamplePlanTest.examples(lengths),
                    random.nextInt(1, 4),
                    sequenceLen,
                    random.nextInt(1, 4),
                    random.nextInt(1, 4),
                    seed);
        }

        ExamplePlan plan() {
            return ExamplePlan.of(examples, epochs, sequenceLen, rows, accumulation, seed);
        }

        ExamplePlan oneEpoch() {
            return ExamplePlan.of(examples, 1, sequenceLen, rows, accumulation, seed);
        }
    }

    @Test
    void everyEpochSeesEveryExampleOnce() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Case c = Case.of(seed);
            int size = c.examples().size();
            List<Integer> order = order(c.plan());
            assertThat(order).hasSize(c.epochs() * size);
            for (int epoch = 0; epoch < c.epochs(); epoch++) {
                assertThat(order.subList(epoch * size, (epoch + 1) * size))
                        .containsExactlyInAnyOrderElementsOf(
                                IntStream.range(0, size).boxed().toList());
            }
        }
    }

    /** An epoch begins with a new step: how long one is does not change the steps of the next. */
    @Test
    void epochsHaveAsManyStepsAsTheirMicroBatchesNeed() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Case c = Case.of(seed);
            ExamplePlan first = c.oneEpoch();
            ExamplePlan all = c.plan();
            for (int step = 0; step < first.steps(); step++) {
                assertThat(all.step(step)).isEqualTo(first.step(step));
                assertThat(first.step(step).size()).isLessThanOrEqualTo(c.accumulation());
            }
            for (int step = 0; step < first.steps() - 1; step++) {
                assertThat(first.step(step)).hasSize(c.accumulation());
            }
        }
    }

    @Test
    void aMicroBatchHasAsManyRowsAsItMayAndNoneIsTooLong() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Case c = Case.of(seed);
            List<List<TokenExample>> batches = new ArrayList<>();
            ExamplePlan plan = c.oneEpoch();
            for (int step = 0; step < plan.steps(); step++) {
                batches.addAll(plan.step(step));
            }
            for (int i = 0; i < batches.size(); i++) {
                assertThat(rows(batches.get(i), c.sequenceLen())).isBetween(1, c.rows());
                if (i + 1 < batches.size()) {
                    List<TokenExample> longer = new ArrayList<>(batches.get(i));
                    longer.add(batches.get(i + 1).getFirst());
                    assertThat(rows(longer, c.sequenceLen())).isEqualTo(c.rows() + 1);
                }
            }
        }
    }

    /** The rows that examples fill in order, each of which ends where the next does not fit. */
    private static int rows(List<TokenExample> batch, int sequenceLen) {
        int rows = 1;
        int filled = 0;
        for (TokenExample example : batch) {
            int length = example.ids().length;
            if (filled > 0 && filled + length > sequenceLen) {
                rows++;
                filled = 0;
            }
            filled += length;
        }
        return rows;
    }

    @Test
    void packsByHand() {
        List<TokenExample> examples = examples(3, 4, 3, 12, 2, 2, 10, 5, 5, 2);

        List<List<TokenExample>> batches = ExamplePlan.inOrder(examples, 10, 2);

        // Rows: 0 1 2 | 3 (too long, alone) || 4 5 | 6 || 7 8 | 9
        assertThat(batches.stream().map(ExamplePlanTest::numbers))
                .containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6), List.of(7, 8, 9));
    }

    @Test
    void theOrderFollowsFromTheSeed() {
        List<TokenExample> examples = examples(IntStream.generate(() -> 3).limit(50).toArray());
        List<Integer> order = order(ExamplePlan.of(examples, 2, 9, 2, 2, 5));

        assertThat(order(ExamplePlan.of(examples, 2, 9, 2, 2, 5))).isEqualTo(order);
        assertThat(order(ExamplePlan.of(examples, 2, 9, 2, 2, 6))).isNotEqualTo(order);
        assertThat(order.subList(0, 50)).isNotEqualTo(order.subList(50, 100));
        assertThat(order.subList(0, 50)).isNotEqualTo(IntStream.range(0, 50).boxed().toList());
    }

    /** Each of the six orders of three things, within four standard deviations of a sixth. */
    @Test
    void everyOrderIsAsLikelyAsAnother() {
        int[] counts = new int[27];
        for (long seed = 0; seed < 6000; seed++) {
            int[] order = ExamplePlan.shuffled(3, seed);
            counts[9 * order[0] + 3 * order[1] + order[2]]++;
        }
        assertThat(IntStream.of(counts).filter(count -> count > 0).count()).isEqualTo(6);
        assertThat(IntStream.of(counts).filter(count -> count > 0))
                .allMatch(count -> Math.abs(count - 1000) < 4 * 29);
    }

    @Test
    void withoutExamplesThereIsNoStep() {
        assertThat(ExamplePlan.of(List.of(), 3, 10, 1, 1, 1).steps()).isZero();
        assertThat(ExamplePlan.inOrder(List.of(), 10, 1)).isEmpty();
    }
}
