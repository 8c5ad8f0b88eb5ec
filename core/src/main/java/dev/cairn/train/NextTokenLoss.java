package dev.cairn.train;

import dev.cairn.CairnException;
import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.Linear;
import dev.cairn.model.TokenBatch;
import dev.cairn.model.Workspace;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cross-entropy loss of next-token prediction over the target tokens. The head is computed only for
 * their rows, in chunks, so that the logits of a whole batch never exist at once.
 */
final class NextTokenLoss {
    /** Rows of logits computed at a time: a vocabulary of 50,000 · 256 rows · 4 bytes are 51 MB. */
    private static final int CHUNK = 256;

    /**
     * Tokens per forward and backward pass. Gradients add up across passes, so a large batch needs
     * memory only for one piece of it. A smaller piece would make the matrix products slower.
     */
    private static final int PIECE = 512;

    private final CausalLm model;

    NextTokenLoss(CausalLm model) {
        this.model = model;
    }

    static int targets(List<TokenExample> examples) {
        return examples.stream().mapToInt(TokenExample::targets).sum();
    }

    /** Summed loss, without gradients. */
    double evaluate(ForwardContext pass, List<TokenExample> examples) {
        return run(pass, examples, 0);
    }

    /** Summed loss; adds the gradients of {@code scale · loss} to all trained weights. */
    double train(ForwardContext pass, List<TokenExample> examples, double scale) {
        return run(pass, examples, scale);
    }

    private double run(ForwardContext pass, List<TokenExample> examples, double scale) {
        double loss = 0;
        int piece = 0;
        for (List<TokenExample> part : pieces(examples)) {
            try (Workspace.Frame frame = pass.frame()) {
                loss += piece(pass.piece(piece++), Rows.of(part), scale);
            }
        }
        return loss;
    }

    /** Groups examples, in order, so that no group of several exceeds a piece. */
    private static List<List<TokenExample>> pieces(List<TokenExample> examples) {
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
        return pieces;
    }

    private double piece(ForwardContext pass, Rows rows, double scale) {
        checkTargets(rows.targets());
        CausalLm.Forward forward = model.forward(pass, rows.batch().wanting(rows.rows()), null);
        Tensor hidden = forward.hidden();
        Tensor dHidden = pass.blank(scale == 0 ? 0 : hidden.rows(), hidden.cols());
        double loss = 0;
        for (int from = 0; from < rows.targets().length; from += CHUNK) {
            int to = Math.min(rows.targets().length, from + CHUNK);
            int[] targets = Arrays.copyOfRange(rows.targets(), from, to);
            try (Workspace.Frame frame = pass.frame()) {
                loss += chunk(pass, hidden, dHidden, from, targets, scale);
            }
        }
        if (scale != 0) {
            forward.backward(dHidden);
        }
        return loss;
    }

    /**
     * Summed loss of one chunk of rows, starting at {@code from}; writes their gradient to {@code
     * dHidden}.
     */
    private double chunk(
            ForwardContext pass,
            Tensor hidden,
            Tensor dHidden,
            int from,
            int[] targets,
            double scale) {
        Kernels k = pass.kernels();
        Tensor x = pass.blank(targets.length, hidden.cols());
        k.elementwise().copyRows(hidden, from, x, 0, targets.length);
        Linear.Result logits = model.head().forward(pass, x);
        double loss = k.crossEntropy().lossAndGradient(logits.y(), targets, scale);
        if (scale != 0) {
            Tensor dx = pass.blank(targets.length, hidden.cols());
            model.head().backward(pass, logits, logits.y(), dx, false);
            k.elementwise().copyRows(dx, 0, dHidden, from, targets.length);
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
     * A batch, the rows that predict a target, and their targets. The last token of an example is
     * never read, since it predicts nothing.
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
