package dev.cairn.model.weights;

import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.SplittableRandom;

/**
 * Initial weights of an untrained model: normal with standard deviation 0.02, divided by
 * √(2·layers) for weights that write into the residual stream (Radford et al. 2019); gains are one,
 * biases zero. Each tensor's values depend only on the seed and its name.
 */
public final class FreshWeights implements Weights {
    private static final double STANDARD_DEVIATION = 0.02;

    private final Kernels kernels;
    private final long seed;
    private final int layers;

    public FreshWeights(Kernels kernels, long seed, int layers) {
        this.kernels = kernels;
        this.seed = seed;
        this.layers = layers;
    }

    @Override
    public Parameter matrix(String name, int rows, int cols) {
        double deviation =
                writesResidual(name)
                        ? STANDARD_DEVIATION / Math.sqrt(2.0 * layers)
                        : STANDARD_DEVIATION;
        SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
        Tensor value = kernels.zeros(rows, cols);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                value.set(r, c, deviation * random.nextGaussian());
            }
        }
        return new Parameter(name, value, null);
    }

    private static boolean writesResidual(String name) {
        return name.endsWith("attention.dense.weight")
                || name.endsWith("dense_4h_to_h.weight")
                || name.endsWith("o_proj.weight")
                || name.endsWith("down_proj.weight")
                || name.endsWith("output_linear.weight");
    }

    @Override
    public Parameter gain(String name, int size) {
        Tensor value = kernels.zeros(1, size);
        for (int c = 0; c < size; c++) {
            value.set(0, c, 1);
        }
        return new Parameter(name, value, null);
    }

    @Override
    public Parameter bias(String name, int size) {
        return new Parameter(name, kernels.zeros(1, size), null);
    }
}
