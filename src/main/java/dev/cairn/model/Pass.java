package dev.cairn.model;

import dev.cairn.tensor.Kernels;
import dev.cairn.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One walk through a model: with which kernels, which adapter, and whether for training.
 *
 * @param adapter applied beside the base's weights; null for the base alone
 * @param dropoutKey decides the dropout masks of this walk; null when nothing is dropped
 */
public record Pass(Kernels kernels, @Nullable LoraAdapter adapter, @Nullable Long dropoutKey) {
    /** A walk that drops nothing. */
    public static Pass of(Kernels kernels, @Nullable LoraAdapter adapter) {
        return new Pass(kernels, adapter, null);
    }

    Tensor zeros(int rows, int cols) {
        return kernels.zeros(rows, cols);
    }
}
