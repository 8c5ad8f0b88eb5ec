package dev.cairn.model;

import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Kernels;
import dev.cairn.tensor.Tensor;

/**
 * Rotary position embedding (Su et al. 2021) on the first {@code dims} values of each head, in
 * half-split order: angle of pair i at position p is {@code p · theta^(−2i/dims)}.
 */
final class Rotary {
    private final Tensor cos;
    private final Tensor sin;

    Rotary(Kernels kernels, int dims, double theta, int maxPositions) {
        int pairs = dims / 2;
        this.cos = kernels.zeros(maxPositions, pairs);
        this.sin = kernels.zeros(maxPositions, pairs);
        for (int p = 0; p < maxPositions; p++) {
            for (int i = 0; i < pairs; i++) {
                double angle = p * Math.pow(theta, -2.0 * i / dims);
                cos.set(p, i, Math.cos(angle));
                sin.set(p, i, Math.sin(angle));
            }
        }
    }

    void forward(Pass pass, Heads x, int heads, int[] positions) {
        pass.kernels().attention().rotate(x, heads, positions, cos, sin, false);
    }

    void backward(Pass pass, Heads dx, int heads, int[] positions) {
        pass.kernels().attention().rotate(dx, heads, positions, cos, sin, true);
    }
}
