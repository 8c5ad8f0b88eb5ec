package dev.cairn.train;

import dev.cairn.CairnException;
import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Linear;
import dev.cairn.model.Pass;
import dev.cairn.model.TokenBatch;
import dev.cairn.tensor.Kernels;
import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cross-entropy of the next token on the tokens that are to be predicted. The head is computed for
 * those alone, in chunks, so that the logits of a whole batch never exist at once.
 */
final class NextTokenLoss {
    /** Rows of logits at a time: 50,000 words · 256 rows are 51 MB. */
    private static final int CHUNK = 256;

    private final CausalLm model;

    NextTokenLoss(CausalLm model) {
        this.model = model;
    }

    static int targets(List<TokenExample> examples) {
        return examples.stream().mapToInt(TokenExample::targets).sum();
    }

    /** Summed loss, without gradients. */
    double evaluate(Pass pass, List<TokenExample> examples) {
        return run(pass, examples, 0);
    }

    /** Summed loss; adds the gradients of {@code scale · loss} to all trained weights. */
    double train(Pass pass, List<TokenExample> examples, double scale) {
        return run(pass, examples, scale);
    }

    private double run(Pass pass, List<TokenExample> examples, double scale) {
        Rows rows = Rows.of(examples);
        checkTargets(rows.targets());
        CausalLm.Forward forward = model.forward(pass, rows.batch(), null);
        Tensor hidden = forward.hidden();
        Kernels k = pass.kernels();
        Tensor dHidden = k.zeros(scale == 0 ? 0 : hidden.rows(), hidden.cols());
        double loss = 0;
        for (int from = 0; from < rows.rows().length; from += CHUNK) {
            int to = Math.min(rows.rows().length, from + CHUNK);
            int[] chunk = Arrays.copyOfRange(rows.rows(), from, to);
            int[] targets = Arrays.copyOfRange(rows.targets(), from, to);
            Tensor x = k.zeros(chunk.length, hidden.cols());
            k.elementwise().gather(hidden, chunk, x);
            Linear.Result logits = model.head().forward(pass, x);
            loss += k.crossEntropy().lossAndGradient(logits.y(), targets, scale);
            if (scale != 0) {
                Tensor dx = k.zeros(chunk.length, hidden.cols());
                model.head().backward(pass, logits, logits.y(), dx);
                k.elementwise().scatterAdd(dx, chunk, dHidden);
            }
        }
        if (scale != 0) {
            forward.backward(dHidden);
        }
        return loss;
    }

    /** The model checks what it reads, but an example's last token is never read. */
    private void checkTargets(int[] targets) {
        int vocabulary = model.config().vocabSize();
        for (int target : targets) {
            if (target < 0 || target >= vocabulary) {
                throw new CairnException(
                        "token id %d is outside the model's vocabulary of %d; the tokenizer does not belong to this model"
                                .formatted(target, vocabulary));
            }
        }
    }

    /**
     * The batch, and which of its rows predict what. The last token of an example is never read: it
     * predicts nothing.
     */
    @SuppressWarnings("ArrayRecordComponent") // handles on numbers, never compared as values
    private record Rows(TokenBatch batch, int[] rows, int[] targets) {
        static Rows of(List<TokenExample> examples) {
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
            return new Rows(TokenBatch.packed(inputs), rows, targets);
        }
    }
}
