package dev.cairn.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A training plan of several epochs over a list of examples, reshuffled in each. Examples are
 * packed greedily, in order, into rows of at most {@code sequenceLen} tokens.
 */
public final class ExamplePlan implements TrainingPlan {
    private final List<TokenExample> examples;
    private final List<List<List<Integer>>> steps = new ArrayList<>();

    private ExamplePlan(List<TokenExample> examples) {
        this.examples = examples;
    }

    /**
     * Plans a number of epochs.
     *
     * @param epochs how often each example is seen
     * @param sequenceLen tokens of a packed row; a longer example has a row of its own
     * @param rows packed rows of a micro-batch
     * @param accumulation micro-batches of a step
     * @param seed decides the order
     */
    public static ExamplePlan of(
            List<TokenExample> examples,
            int epochs,
            int sequenceLen,
            int rows,
            int accumulation,
            long seed) {
        ExamplePlan plan = new ExamplePlan(List.copyOf(examples));
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = shuffled(examples.size(), seed + epoch);
            plan.addEpoch(plan.pack(order, sequenceLen, rows), accumulation);
        }
        return plan;
    }

    /** Each example once, in order, for validation. */
    public static List<List<TokenExample>> inOrder(
            List<TokenExample> examples, int sequenceLen, int rows) {
        ExamplePlan plan = new ExamplePlan(List.copyOf(examples));
        int[] order = new int[examples.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        return plan.pack(order, sequenceLen, rows).stream().map(plan::resolve).toList();
    }

    /** Micro-batches of example numbers. */
    private List<List<Integer>> pack(int[] order, int sequenceLen, int rows) {
        List<List<Integer>> batches = new ArrayList<>();
        List<Integer> batch = new ArrayList<>();
        int filledRows = 0;
        int room = 0;
        for (int example : order) {
            int length = examples.get(example).ids().length;
            if (length > room) {
                if (filledRows == rows) {
                    batches.add(batch);
                    batch = new ArrayList<>();
                    filledRows = 0;
                }
                filledRows++;
                room = sequenceLen;
            }
            room -= length;
            batch.add(example);
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    private void addEpoch(List<List<Integer>> batches, int accumulation) {
        for (int from = 0; from < batches.size(); from += accumulation) {
            steps.add(batches.subList(from, Math.min(batches.size(), from + accumulation)));
        }
    }

    private List<TokenExample> resolve(List<Integer> batch) {
        return batch.stream().map(examples::get).toList();
    }

    @Override
    public int steps() {
        return steps.size();
    }

    @Override
    public List<List<TokenExample>> step(int step) {
        return steps.get(step).stream().map(this::resolve).toList();
    }

    /** The numbers 0 to n − 1 in an order determined by the seed (Fisher and Yates). */
    static int[] shuffled(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
