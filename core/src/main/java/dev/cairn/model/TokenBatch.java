package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.tensor.Attention.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch of tokens from one or more sequences, one sequence after another without padding.
 *
 * @param ids token ids of all sequences
 * @param positions position of each token in its sequence
 * @param spans the rows of each sequence and of the keys it attends to
 * @param wanted the rows, in order, whose hidden states are needed; null for all
 */
public record TokenBatch(int[] ids, int[] positions, List<Span> spans, int @Nullable [] wanted) {
    /** A batch of which all hidden states are needed. */
    TokenBatch(int[] ids, int[] positions, List<Span> spans) {
        this(ids, positions, spans, null);
    }

    /** The same batch with only some hidden states needed, which saves work in the last layer. */
    public TokenBatch wanting(int... rows) {
        return new TokenBatch(ids, positions, spans, rows.length == ids.length ? null : rows);
    }

    /** Packs independent sequences: none attends to another, and each starts at position 0. */
    public static TokenBatch packed(List<int[]> sequences) {
        int total = sequences.stream().mapToInt(s -> s.length).sum();
        int[] ids = new int[total];
        int[] positions = new int[total];
        List<Span> spans = new ArrayList<>();
        int at = 0;
        for (int[] sequence : sequences) {
            System.arraycopy(sequence, 0, ids, at, sequence.length);
            for (int i = 0; i < sequence.length; i++) {
                positions[at + i] = i;
            }
            spans.add(new Span(at, sequence.length, at, sequence.length));
            at += sequence.length;
        }
        return new TokenBatch(ids, positions, List.copyOf(spans));
    }

    /** The next tokens of one sequence, {@code past} tokens of which are already in a cache. */
    public static TokenBatch next(int[] ids, int past) {
        int[] positions = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            positions[i] = past + i;
        }
        return new TokenBatch(
                ids, positions, List.of(new Span(0, ids.length, 0, past + ids.length)));
    }

    /** The next token of each of several sequences, with their caches. */
    public static TokenBatch step(int[] ids, List<KvCache> caches) {
        int[] positions = new int[ids.length];
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            positions[i] = caches.get(i).length();
            spans.add(new Span(i, 1, 0, positions[i] + 1));
        }
        return new TokenBatch(ids, positions, List.copyOf(spans));
    }

    /**
     * Checks that the model has an embedding for every id and that every position is within its
     * context window.
     */
    public void check(ModelConfig config) {
        for (int id : ids) {
            if (id < 0 || id >= config.vocabSize()) {
                throw new CairnException(
                        "token id %d is outside the model's vocabulary of %d; the tokenizer does not belong to this model"
                                .formatted(id, config.vocabSize()));
            }
        }
        for (int position : positions) {
            if (position >= config.maxPositions()) {
                throw new CairnException(
                        "a sequence is longer than the model's context window of %d tokens; shorten it"
                                .formatted(config.maxPositions()));
            }
        }
    }
}
