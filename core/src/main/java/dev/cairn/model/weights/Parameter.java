package dev.cairn.model.weights;

import dev.cairn.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One weight tensor of a model or an adapter. Only a trained weight has a gradient; the backward
 * pass computes none for a frozen one.
 *
 * @param name the tensor's name on disk
 * @param grad same shape as the value; every backward pass adds to it; null when frozen
 */
public record Parameter(String name, Tensor value, @Nullable Tensor grad) {
    public boolean isTrained() {
        return grad != null;
    }

    /** The gradient of a trained weight; must not be called on a frozen one. */
    public Tensor gradient() {
        return Objects.requireNonNull(grad, name);
    }
}
