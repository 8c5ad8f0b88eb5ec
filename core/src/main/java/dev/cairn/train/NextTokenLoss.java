package dev.cairn.train;

import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.Linear;
import dev.cairn.model.Workspace;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.Arrays;
import java.util.List;

/**
 * Cross-entropy loss of next-token prediction over the target tokens. The head is computed only for
 * their rows, in chunks, so that the logits of a whole batch never exist at once.
 */
final class NextTokenLoss {
    /** Rows of logits computed at a time: a vocabulary of 50,000 · 256 rows · 4 bytes are 51 MB. */
    static final int CHUNK = 256;

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
        for (TargetRows rows : TargetRows.pieces(examples)) {
            try (Workspace.Frame frame = pass.frame()) {
                loss += piece(pass.piece(piece++), rows, scale);
            }
        }
        return loss;
    }

    private double piece(ForwardContext pass, TargetRows rows, double scale) {
        CausalLm.Forward forward = rows.forward(model, pass);
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
}
