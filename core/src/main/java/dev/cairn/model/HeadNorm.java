package dev.cairn.model;

import dev.cairn.tensor.Tensor;

/** RMSNorm of each attention head on its own, with one gain for all heads (Qwen3). */
record HeadNorm(Norm.Rms norm) {
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
     * The gradient of the input; adds that of a trained gain.
     *
     * @param dy {@code [T, heads·headDim]}, as is what is returned
     */
    Tensor backward(ForwardContext pass, Norm.Result result, Tensor dy) {
        Tensor dx = pass.zeros(dy.rows(), dy.cols());
        norm.backward(pass, result, perHead(dy), perHead(dx));
        return dx;
    }

    private Tensor perHead(Tensor x) {
        int headDim = norm.gain().value().cols();
        return x.reshape(x.rows() * (x.cols() / headDim), headDim);
    }
}
