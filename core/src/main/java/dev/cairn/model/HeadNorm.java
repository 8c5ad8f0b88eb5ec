package dev.cairn.model;

import dev.cairn.tensor.Tensor;

/** A norm of each attention head by itself, with one gain for all heads (Qwen3, Gemma 3). */
record HeadNorm(Norm norm, int headDim) {
    /**
     * Normalises.
     *
     * @param x {@code [T, heads·headDim]}
     * @return input and output seen as {@code [T·heads, headDim]}
     */
    Norm.Result forward(ForwardContext pass, Tensor x) {
        return norm.forward(pass, perHead(x));
    }

    /**
     * Returns the gradient of the input, and adds the gradient of the gain if it is trained.
     *
     * @param dy {@code [T, heads·headDim]}; the returned gradient has the same shape
     */
    Tensor backward(ForwardContext pass, Norm.Result result, Tensor dy) {
        Tensor dx = pass.zeros(dy.rows(), dy.cols());
        norm.backward(pass, result, perHead(dy), perHead(dx));
        return dx;
    }

    private Tensor perHead(Tensor x) {
        return x.reshape(x.rows() * (x.cols() / headDim), headDim);
    }
}
