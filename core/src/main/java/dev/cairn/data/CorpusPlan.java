package dev.cairn.data;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A training plan for pre-training: text cut into pieces of equal length, reshuffled in each epoch;
 * every token is predicted.
 */
public final class CorpusPlan implements TrainingPlan {
    private final int[] tokens;
    private final int length;
    private final int batch;
    private final int steps;
    private final long seed;
    private int[] order = new int[0];
    private int orderEpoch = -1;

    /**
     * Plans a number of steps.
     *
     * @param tokens the text
     * @param length tokens predicted per piece
     * @param batch pieces per step
     * @param steps total number of steps
     * @param seed decides the order
     * @throws CairnException when the text is shorter than one piece
     */
    public CorpusPlan(int[] tokens, int length, int batch, int steps, long seed) {
        if (tokens.length <= length) {
            throw new CairnException(
                    "a text of %d tokens is too short: pieces of %d need at least %d; add text or lower sequence_len"
                            .formatted(tokens.length, length, length + 1L));
        }
        this.tokens = tokens;
        this.length = length;
        this.batch = batch;
        this.steps = steps;
        this.seed = seed;
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public List<List<TokenExample>> step(int step) {
        List<TokenExample> pieces = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            pieces.add(piece((long) step * batch + i));
        }
        return List.of(pieces);
    }

    private TokenExample piece(long number) {
        int count = (tokens.length - 1) / length;
        int epoch = (int) (number / count);
        if (epoch != orderEpoch) {
            order = ExamplePlan.shuffled(count, seed + epoch);
            orderEpoch = epoch;
        }
        int at = order[(int) (number % count)] * length;
        return new TokenExample(Arrays.copyOfRange(tokens, at, at + length + 1), 1);
    }

    /** All pieces in order, for validation. */
    public static List<List<TokenExample>> inOrder(int[] tokens, int length, int batch) {
        List<List<TokenExample>> batches = new ArrayList<>();
        List<TokenExample> pieces = new ArrayList<>();
        for (int at = 0; at + 1 < tokens.length; at += length) {
            int end = Math.min(tokens.length, at + length + 1);
            pieces.add(new TokenExample(Arrays.copyOfRange(tokens, at, end), 1));
            if (pieces.size() == batch || end == tokens.length) {
                batches.add(List.copyOf(pieces));
                pieces.clear();
            }
        }
        return batches;
    }
}
