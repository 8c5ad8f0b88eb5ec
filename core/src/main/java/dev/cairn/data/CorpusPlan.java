package dev.cairn.data;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A training plan for pre-training: text cut into pieces of equal length, reshuffled in each epoch;
 * every token is predicted.
 *
 * <p>A document that does not end within its piece begins the next one again, from its first token,
 * because a question without its text teaches guessing. Only a document that fills a whole piece is
 * continued where it was cut.
 */
public final class CorpusPlan implements TrainingPlan {
    private final int[] tokens;
    private final int[] starts;
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
     * @param end the token that ends a document
     * @param length tokens predicted per piece
     * @param batch pieces per step
     * @param steps total number of steps
     * @param seed decides the order
     * @throws CairnException when the text is shorter than one piece
     */
    public CorpusPlan(int[] tokens, int end, int length, int batch, int steps, long seed) {
        if (tokens.length <= length) {
            throw new CairnException(
                    "a text of %d tokens is too short: pieces of %d need at least %d; add text or lower sequence_len"
                            .formatted(tokens.length, length, length + 1L));
        }
        this.tokens = tokens;
        this.starts =
                Arrays.stream(starts(tokens, end, length))
                        .filter(at -> at + length < tokens.length)
                        .toArray();
        this.length = length;
        this.batch = batch;
        this.steps = steps;
        this.seed = seed;
    }

    /** Where pieces begin, the last of which may be shorter than the others. */
    private static int[] starts(int[] tokens, int end, int length) {
        IntStream.Builder starts = IntStream.builder();
        int at = 0;
        while (at + 1 < tokens.length) {
            starts.add(at);
            int cut = at + length;
            at = cut < tokens.length ? next(tokens, end, at, cut) : tokens.length;
        }
        return starts.build().toArray();
    }

    /** Where the piece begins that follows the one from {@code at} to {@code cut}. */
    private static int next(int[] tokens, int end, int at, int cut) {
        for (int i = cut + 1; i > at; i--) {
            if (tokens[i - 1] == end) {
                return i;
            }
        }
        return cut;
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
        int epoch = (int) (number / starts.length);
        if (epoch != orderEpoch) {
            order = ExamplePlan.shuffled(starts.length, seed + epoch);
            orderEpoch = epoch;
        }
        int at = starts[order[(int) (number % starts.length)]];
        return new TokenExample(Arrays.copyOfRange(tokens, at, at + length + 1), 1);
    }

    /**
     * All pieces in order, for validation. A token is predicted once, also if two pieces have it;
     * the first one of a piece is only read.
     */
    public static List<List<TokenExample>> inOrder(int[] tokens, int end, int length, int batch) {
        List<List<TokenExample>> batches = new ArrayList<>();
        List<TokenExample> pieces = new ArrayList<>();
        int predicted = 1;
        for (int at : starts(tokens, end, length)) {
            int to = Math.min(tokens.length, at + length + 1);
            if (predicted < to) {
                int first = Math.max(1, predicted - at);
                pieces.add(new TokenExample(Arrays.copyOfRange(tokens, at, to), first));
                predicted = to;
            }
            if (pieces.size() == batch || to == tokens.length && !pieces.isEmpty()) {
                batches.add(List.copyOf(pieces));
                pieces.clear();
            }
        }
        return batches;
    }
}
