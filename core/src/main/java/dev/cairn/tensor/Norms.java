package dev.cairn.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation (Ba et al. 2016) and root-mean-square normalisation (Zhang and Sennrich
 * 2019), of each row. {@code stats} holds what the backward pass needs.
 */
public interface Norms {
    /**
     * {@code y = (x − mean) · rstd · gain + bias}, {@code rstd = 1/√(var + eps)}.
     *
     * @param stats output {@code [T, 2]}: mean and rstd of each row
     */
    void layerNorm(Tensor x, Tensor gain, Tensor bias, double eps, Tensor y, Tensor stats);

    /**
     * Adds the gradient of the input to {@code dx}, and those of gain and bias unless their tensors
     * are null.
     */
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
     * @param stats output {@code [T, 2]}: zero and rstd of each row
     */
    void rmsNorm(Tensor x, Tensor gain, double eps, Tensor y, Tensor stats);

    /**
     * Adds the gradient of the input to {@code dx}, and that of the gain unless its tensor is null.
     */
    void rmsNormBackward(
            Tensor x, Tensor gain, Tensor stats, Tensor dy, Tensor dx, @Nullable Tensor dGain);
}
