package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.tensor.Attention.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of one or more sequences, written one after another without padding.
 *
 * @param ids token ids of all sequences
 * @param positions position of each token in its own sequence
 * @param spans rows of each sequence and of the keys it attends to
 * @param wanted the rows, in order, whose hidden states are asked for; null for all
 */
public record TokenBatch(int[] ids, int[] positions, List<Span> spans, int @Nullable [] wanted) {
    /** Tokens of which all hidden states are asked for. */
    TokenBatch(int[] ids, int[] positions, List<Span> spans) {
        this(ids, positions, spans, null);
    }

    /** The same tokens, of which only some hidden states are asked for: the last layer is less. */
    public TokenBatch wanting(int... rows) {
        return new TokenBatch(ids, positions, spans, rows.length == ids.length ? null : rows);
    }

    /** Sequences side by side, none of which sees another: positions begin at 0 in each. */
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

    /** The next tokens of one sequence of which {@code past} are in a cache already. */
    public static TokenBatch next(int[] ids, int past) {
        int[] positions = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            positions[i] = past + i;
        }
        return new TokenBatch(
                ids, positions, List.of(new Span(0, ids.length, 0, past + ids.length)));
    }

    /** The next token of each of several sequences, which lie in these caches. */
    public static TokenBatch step(int[] ids, List<KvCache> caches) {
        int[] positions = new int[ids.length];
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            positions[i] = caches.get(i).length();
            spans.add(new Span(i, 1, 0, positions[i] + 1));
        }
        return new TokenBatch(ids, positions, List.copyOf(spans));
    }

    /** Refuses ids the model has no embedding for and positions beyond its window. */
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
