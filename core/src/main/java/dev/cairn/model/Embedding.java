package dev.cairn.model;

import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;

/**
 * The token embedding: one vector per token, times a constant.
 *
 * @param weight {@code [vocabulary, hidden]}
 * @param scale 1 in most families
 */
record Embedding(Parameter weight, double scale) {
    Tensor forward(ForwardContext pass, int[] ids) {
        Tensor x = pass.blank(ids.length, weight.value().cols());
        pass.kernels().elementwise().gather(weight.value(), ids, x);
        scale(pass, x);
        return x;
    }

    /**
     * Adds the gradient of the embedding if it is trained.
     *
     * @param dx may be overwritten
     */
    void backward(ForwardContext pass, int[] ids, Tensor dx) {
        if (weight.isTrained()) {
            scale(pass, dx);
            pass.kernels().elementwise().scatterAdd(dx, ids, weight.gradient());
        }
    }

    private void scale(ForwardContext pass, Tensor x) {
        if (scale != 1) {
            pass.kernels().elementwise().scale(x, scale);
        }
    }
}
