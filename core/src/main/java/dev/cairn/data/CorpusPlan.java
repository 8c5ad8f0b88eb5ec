package dev.cairn.data;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A training plan for pre-training: every document is an example of its own, cut into pieces only
 * where it is longer than a row. Pieces are reshuffled in each epoch, and a step has about as many
 * tokens as its rows hold.
 *
 * <p>So documents do not see each other. In rows that hold several, what followed a word in another
 * document misleads the search for it, and small models do not begin to copy (docs/base.md).
 */
public final class CorpusPlan implements TrainingPlan {
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
     * Tokens that are read together. The last one of a piece is the first one of the next: read by
     * both, predicted by one.
     *
     * @param to exclusive
     */
    private record Piece(TokenExample document, int from, int to) {
        /** The tokens but the first. */
        int length() {
            return to - from - 1;
        }

        /** Whether it is more than a part of what is only read. */
        boolean hasTargets() {
            return document.firstTarget() < to;
        }

        TokenExample example() {
            return new TokenExample(
                    Arrays.copyOfRange(document.ids(), from, to),
                    Math.max(1, document.firstTarget() - from));
        }
    }

    /**
     * Plans a number of steps.
     *
     * @param documents each with the token that ends it
     * @param length tokens per row, and of a piece at most, without the one that comes first
     * @param batch rows per step
     * @param steps total number of steps
     * @param seed decides the order
     * @throws CairnException when the documents are shorter than one row
     */
    public CorpusPlan(List<TokenExample> documents, int length, int batch, int steps, long seed) {
        long tokens = tokens(documents);
        if (tokens <= length) {
            throw new CairnException(
                    "a text of %d tokens is too short: rows of %d need at least %d; add text or lower sequence_len"
                            .formatted(tokens, length, length + 1L));
        }
        this.pieces = documents.stream().flatMap(document -> pieces(document, length)).toList();
        this.budget = (long) length * batch;
        this.steps = steps;
        long read = pieces.stream().mapToLong(Piece::length).sum();
        this.stepsPerEpoch = (int) Math.max(1, read / budget);
        this.seed = seed;
    }

    /** The number of tokens of all documents together. */
    public static long tokens(List<TokenExample> documents) {
        return documents.stream().mapToLong(document -> document.ids().length).sum();
    }

    private static Stream<Piece> pieces(TokenExample document, int length) {
        int last = document.ids().length - 1;
        return IntStream.iterate(0, from -> from < last, from -> from + length)
                .mapToObj(from -> new Piece(document, from, Math.min(from + length, last) + 1))
                .filter(Piece::hasTargets);
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
            examples.add(pieces.get(order[i]).example());
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
            before += pieces.get(order[i]).length();
        }
        orderEpoch = epoch;
    }

    /**
     * All pieces in order, for validation, with at most {@code length · batch} tokens at a time.
     */
    public static List<List<TokenExample>> inOrder(
            List<TokenExample> documents, int length, int batch) {
        List<List<TokenExample>> batches = new ArrayList<>();
        List<TokenExample> examples = new ArrayList<>();
        long read = 0;
        for (TokenExample document : documents) {
            for (Piece piece : pieces(document, length).toList()) {
                read += piece.length();
                if (read > (long) length * batch) {
                    batches.add(List.copyOf(examples));
                    examples.clear();
                    read = piece.length();
                }
                examples.add(piece.example());
            }
        }
        if (!examples.isEmpty()) {
            batches.add(List.copyOf(examples));
        }
        return batches;
    }
}
