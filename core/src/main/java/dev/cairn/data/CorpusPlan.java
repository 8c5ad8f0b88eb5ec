package dev.cairn.data;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A training plan for pre-training: every document is an example of its own, cut into pieces only
 * where it is longer than a row; every token but a document's first is predicted. Pieces are
 * reshuffled in each epoch, and a step has about as many tokens as its rows hold.
 *
 * <p>So documents do not see each other. In rows that hold several, what followed a word in another
 * document misleads the search for it, and small models do not begin to copy (docs/base.md).
 */
public final class CorpusPlan implements TrainingPlan {
    private final int[] tokens;
    private final List<Piece> pieces;
    private final long budget;
    private final int steps;
    private final int stepsPerEpoch;
    private final long seed;
    private int[] order = new int[0];

    /** Of every step of an epoch, and of its end, the first piece's place in {@link #order}. */
    private int[] firsts = new int[0];

    private int orderEpoch = -1;

    /**
     * Tokens that are read and predicted together. The last one of a piece is the first one of the
     * next: read by both, predicted by one.
     *
     * @param to exclusive
     */
    private record Piece(int from, int to) {
        int targets() {
            return to - from - 1;
        }

        TokenExample of(int[] tokens) {
            return new TokenExample(Arrays.copyOfRange(tokens, from, to), 1);
        }
    }

    /**
     * Plans a number of steps.
     *
     * @param tokens the text
     * @param end the token that ends a document
     * @param length tokens predicted per row, and by a piece at most
     * @param batch rows per step
     * @param steps total number of steps
     * @param seed decides the order
     * @throws CairnException when the text is shorter than one row
     */
    public CorpusPlan(int[] tokens, int end, int length, int batch, int steps, long seed) {
        if (tokens.length <= length) {
            throw new CairnException(
                    "a text of %d tokens is too short: rows of %d need at least %d; add text or lower sequence_len"
                            .formatted(tokens.length, length, length + 1L));
        }
        this.tokens = tokens;
        this.pieces = pieces(tokens, end, length);
        this.budget = (long) length * batch;
        this.steps = steps;
        long targets = pieces.stream().mapToLong(Piece::targets).sum();
        this.stepsPerEpoch = (int) Math.max(1, targets / budget);
        this.seed = seed;
    }

    private static List<Piece> pieces(int[] tokens, int end, int length) {
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] == end || i == tokens.length - 1) {
                for (; from < i; from += length) {
                    pieces.add(new Piece(from, Math.min(from + length, i) + 1));
                }
                from = i + 1;
            }
        }
        return pieces;
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public List<List<TokenExample>> step(int step) {
        shuffle(step / stepsPerEpoch);
        int number = step % stepsPerEpoch;
        List<TokenExample> examples = new ArrayList<>();
        for (int i = firsts[number]; i < firsts[number + 1]; i++) {
            examples.add(pieces.get(order[i]).of(tokens));
        }
        return List.of(examples);
    }

    /** Orders the pieces of an epoch and gives each step those that begin within its tokens. */
    private void shuffle(int epoch) {
        if (epoch == orderEpoch) {
            return;
        }
        order = ExamplePlan.shuffled(pieces.size(), seed + epoch);
        firsts = new int[stepsPerEpoch + 1];
        firsts[stepsPerEpoch] = order.length;
        long before = 0;
        int step = 0;
        for (int i = 0; i < order.length && step < stepsPerEpoch; i++) {
            // No piece is longer than a step, so every step has one that begins in it.
            if (before >= step * budget) {
                firsts[step++] = i;
            }
            before += pieces.get(order[i]).targets();
        }
        orderEpoch = epoch;
    }

    /**
     * All pieces in order, for validation, with at most {@code length · batch} tokens at a time.
     */
    public static List<List<TokenExample>> inOrder(int[] tokens, int end, int length, int batch) {
        List<List<TokenExample>> batches = new ArrayList<>();
        List<TokenExample> examples = new ArrayList<>();
        long targets = 0;
        for (Piece piece : pieces(tokens, end, length)) {
            targets += piece.targets();
            if (targets > (long) length * batch) {
                batches.add(List.copyOf(examples));
                examples.clear();
                targets = piece.targets();
            }
            examples.add(piece.of(tokens));
        }
        if (!examples.isEmpty()) {
            batches.add(List.copyOf(examples));
        }
        return batches;
    }
}
