package dev.cairn.model;

import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;

/**
 * The token embedding: one vector per token.
 *
 * @param weight {@code [vocabulary, hidden]}
 */
record Embedding(Parameter weight) {
    Tensor forward(ForwardContext pass, int[] ids) {
        Tensor x = pass.blank(ids.length, weight.value().cols());
        pass.kernels().elementwise().gather(weight.value(), ids, x);
        return x;
    }

    void backward(ForwardContext pass, int[] ids, Tensor dx) {
        if (weight.isTrained()) {
            pass.kernels().elementwise().scatterAdd(dx, ids, weight.gradient());
        }
    }
}
