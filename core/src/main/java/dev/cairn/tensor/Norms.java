package dev.cairn.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation (Ba et al. 2016) and root-mean-square normalisation (Zhang and Sennrich
 * 2019), over each row. {@code stats} keeps what the backward pass needs.
 */
public interface Norms {
    /**
     * {@code y = (x − mean) · rstd · gain + bias}, {@code rstd = 1/√(var + eps)}.
     *
     * @param stats {@code [T, 2]}: mean and rstd of each row, written
     */
    void layerNorm(Tensor x, Tensor gain, Tensor bias, double eps, Tensor y, Tensor stats);

    /** Adds the gradient of the input to {@code dx}, and of gain and bias where these are given. */
    void layerNormBackward(
            Tensor x,
            Tensor gain,
            Tensor stats,
            Tensor dy,
            Tensor dx,
            @Nullable Tensor dGain,
            @Nullable Tensor dBias);

    /**
     * {@code y = x · rstd · gain}, {@code rstd = 1/√(mean(x²) + eps)}.
     *
     * @param stats {@code [T, 2]}: zero and rstd of each row, written
     */
    void rmsNorm(Tensor x, Tensor gain, double eps, Tensor y, Tensor stats);

    /** Adds the gradient of the input to {@code dx}, and of the gain where it is given. */
    void rmsNormBackward(
            Tensor x, Tensor gain, Tensor stats, Tensor dy, Tensor dx, @Nullable Tensor dGain);
}
