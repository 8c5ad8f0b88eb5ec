package dev.cairn.model;

import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;

/**
 * Three packed sequences of which only some tokens are completions to learn, and the loss of a
 * model on them: what a training step does, without the step.
 */
final class Example {
    static final List<int[]> SEQUENCES =
            List.of(new int[] {3, 1, 4, 1, 5}, new int[] {9}, new int[] {2, 6, 5, 3});
    private static final int[] ROWS = {2, 3, 5, 8};
    private static final int[] TARGETS = {1, 5, 10, 3};

    private final CausalLm model;
    private final ForwardContext pass;
    private final TokenBatch batch = TokenBatch.packed(SEQUENCES);

    Example(CausalLm model, ForwardContext pass) {
        this.model = model;
        this.pass = pass;
    }

    double loss() {
        Tensor rows = completions(model.forward(pass, batch, null).hidden());
        Tensor logits = model.head().forward(pass, rows).y();
        return model.kernels().crossEntropy().lossAndGradient(logits, TARGETS, 1);
    }

    /** Adds the gradient of {@link #loss} to every trained weight, by way of all hidden states. */
    void backward() {
        Kernels kernels = model.kernels();
        CausalLm.Forward walk = model.forward(pass, batch, null);
        Linear.Result head = model.head().forward(pass, completions(walk.hidden()));
        kernels.crossEntropy().lossAndGradient(head.y(), TARGETS, 1);
        Tensor dRows = kernels.zeros(ROWS.length, walk.hidden().cols());
        model.head().backward(pass, head, head.y(), dRows, false);
        Tensor dHidden = kernels.zeros(walk.hidden().rows(), walk.hidden().cols());
        for (int i = 0; i < ROWS.length; i++) {
            kernels.elementwise().copyRows(dRows, i, dHidden, ROWS[i], 1);
        }
        walk.backward(dHidden);
    }

    /** The same by way of the completions' hidden states alone. */
    void backwardFromCompletions() {
        CausalLm.Forward walk = model.forward(pass, batch.wanting(ROWS), null);
        Linear.Result head = model.head().forward(pass, walk.hidden());
        model.kernels().crossEntropy().lossAndGradient(head.y(), TARGETS, 1);
        Tensor dHidden = model.kernels().zeros(ROWS.length, walk.hidden().cols());
        model.head().backward(pass, head, head.y(), dHidden, false);
        walk.backward(dHidden);
    }

    private Tensor completions(Tensor hidden) {
        Tensor rows = model.kernels().zeros(ROWS.length, hidden.cols());
        for (int i = 0; i < ROWS.length; i++) {
            model.kernels().elementwise().copyRows(hidden, ROWS[i], rows, i, 1);
        }
        return rows;
    }
}
