package dev.cairn.model.weights;

import dev.cairn.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One weight of a model or an adapter. Only a weight that is trained has a gradient; for a frozen
 * one the backward pass computes none.
 *
 * @param name the tensor's name on disk
 * @param grad same shape as the value, added to by every backward pass; null when frozen
 */
public record Parameter(String name, Tensor value, @Nullable Tensor grad) {
    public boolean isTrained() {
        return grad != null;
    }

    /** The gradient of a weight known to be trained. */
    public Tensor gradient() {
        return Objects.requireNonNull(grad, name);
    }
}
