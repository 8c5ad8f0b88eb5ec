package dev.cairn.train;

import dev.cairn.CairnException;
import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A piece of a batch, the rows that predict a target, and their targets. The last token of an
 * example is never read, since it predicts nothing.
 */
@SuppressWarnings("ArrayRecordComponent") // handles on numbers, never compared as values
record TargetRows(TokenBatch batch, int[] rows, int[] targets) {
    /**
     * Tokens per forward and backward pass. Gradients add up across passes, so a large batch needs
     * memory only for one piece of it. A smaller piece would make the matrix products slower.
     */
    private static final int PIECE = 512;

    /** Groups examples, in order, so that no group of several exceeds a piece. */
    static List<TargetRows> pieces(List<TokenExample> examples) {
        List<List<TokenExample>> pieces = new ArrayList<>();
        int tokens = PIECE;
        for (TokenExample example : examples) {
            tokens += example.ids().length - 1;
            if (tokens > PIECE) {
                pieces.add(new ArrayList<>());
                tokens = example.ids().length - 1;
            }
            pieces.getLast().add(example);
        }
        return pieces.stream().map(TargetRows::of).toList();
    }

    private static TargetRows of(List<TokenExample> examples) {
        List<int[]> inputs = new ArrayList<>();
        int count = NextTokenLoss.targets(examples);
        int[] rows = new int[count];
        int[] targets = new int[count];
        int next = 0;
        int start = 0;
        for (TokenExample example : examples) {
            int[] ids = example.ids();
            inputs.add(Arrays.copyOf(ids, ids.length - 1));
            for (int i = example.firstTarget(); i < ids.length; i++) {
                rows[next] = start + i - 1;
                targets[next++] = ids[i];
            }
            start += ids.length - 1;
        }
        return new TargetRows(TokenBatch.packed(inputs), rows, targets);
    }

    /** Runs the forward pass; the hidden states are those of the rows that predict a target. */
    CausalLm.Forward forward(CausalLm model, ForwardContext pass) {
        checkTargets(model.config().vocabSize());
        return model.forward(pass, batch.wanting(rows), null);
    }

    /** The model checks what it reads, but an example's last token is never read. */
    private void checkTargets(int vocabulary) {
        for (int target : targets) {
            if (target < 0 || target >= vocabulary) {
                throw new CairnException(
                        "token id %d is outside the model's vocabulary of %d; the tokenizer does not belong to this model"
                                .formatted(target, vocabulary));
            }
        }
    }
}
