package dev.cairn.model.weights;

import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;

/** Copies of other weights on the heap, each with a gradient, for training all parameters. */
public final class TrainableWeights implements Weights {
    private final Weights source;
    private final Kernels kernels;

    public TrainableWeights(Weights source, Kernels kernels) {
        this.source = source;
        this.kernels = kernels;
    }

    @Override
    public Parameter matrix(String name, int rows, int cols) {
        return trainable(source.matrix(name, rows, cols));
    }

    @Override
    public Parameter gain(String name, int size) {
        return trainable(source.gain(name, size));
    }

    @Override
    public Parameter bias(String name, int size) {
        return trainable(source.bias(name, size));
    }

    private Parameter trainable(Parameter frozen) {
        Tensor from = frozen.value();
        Tensor value = kernels.zeros(from.rows(), from.cols());
        kernels.elementwise().copy(from, value);
        return new Parameter(frozen.name(), value, kernels.zeros(from.rows(), from.cols()));
    }
}
