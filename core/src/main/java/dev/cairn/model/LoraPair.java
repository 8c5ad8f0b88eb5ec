package dev.cairn.model;

import dev.cairn.model.weights.Parameter;

/**
 * The low-rank update of one linear layer.
 *
 * @param a {@code lora_A} {@code [r, in]}
 * @param b {@code lora_B} {@code [out, r]}
 * @param scale α/r, or α/√r with rsLoRA
 * @param dropout share of the input's values dropped in training
 */
public record LoraPair(Parameter a, Parameter b, double scale, double dropout) {
    public int rank() {
        return a.value().rows();
    }
}
