package dev.cairn.model;

import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.Weights;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.SplittableRandom;

/**
 * Weights large enough that every part of a model matters, gains and biases included: a fresh
 * model's are so small and regular that a wrong gradient could pass.
 */
public record RandomWeights(Kernels kernels, long seed) implements Weights {
    @Override
    public Parameter matrix(String name, int rows, int cols) {
        return normal(name, rows, cols, 0, 1 / Math.sqrt(cols));
    }

    @Override
    public Parameter gain(String name, int size) {
        return normal(name, 1, size, 1, 0.3);
    }

    @Override
    public Parameter bias(String name, int size) {
        return normal(name, 1, size, 0, 0.3);
    }

    private Parameter normal(String name, int rows, int cols, double mean, double deviation) {
        Tensor value = kernels.zeros(rows, cols);
        fill(value, new SplittableRandom(seed + name.hashCode()), mean, deviation);
        return new Parameter(name, value, null);
    }

    static void fill(Tensor value, SplittableRandom random, double mean, double deviation) {
        for (int r = 0; r < value.rows(); r++) {
            for (int c = 0; c < value.cols(); c++) {
                value.set(r, c, mean + deviation * random.nextGaussian());
            }
        }
    }
}
