package dev.cairn.model.weights;

import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import java.util.function.UnaryOperator;

/** Other weights, each of which goes through a function on its way to the model. */
public record MappedWeights(Weights source, UnaryOperator<Parameter> each) implements Weights {
    /** Notes every weight a model asks for, in order. */
    public static MappedWeights recorded(Weights source, List<Parameter> parameters) {
        return new MappedWeights(
                source,
                parameter -> {
                    parameters.add(parameter);
                    return parameter;
                });
    }

    /** A copy on the heap, each weight with a gradient: for training all parameters. */
    public static MappedWeights trainable(Weights source, Kernels kernels) {
        return new MappedWeights(
                source,
                frozen -> {
                    Tensor from = frozen.value();
                    Tensor value = kernels.zeros(from.rows(), from.cols());
                    kernels.elementwise().copy(from, value);
                    Tensor gradient = kernels.zeros(from.rows(), from.cols());
                    return new Parameter(frozen.name(), value, gradient);
                });
    }

    @Override
    public Parameter matrix(String name, int rows, int cols) {
        return each.apply(source.matrix(name, rows, cols));
    }

    @Override
    public Parameter linear(String name, int rows, int cols) {
        return each.apply(source.linear(name, rows, cols));
    }

    @Override
    public Parameter head(String name, int rows, int cols) {
        return each.apply(source.head(name, rows, cols));
    }

    /** The embedding went through the function already. */
    @Override
    public Parameter tied(Parameter embedding) {
        return source.tied(embedding);
    }

    @Override
    public boolean holds(String name) {
        return source.holds(name);
    }

    @Override
    public Parameter gain(String name, int size) {
        return each.apply(source.gain(name, size));
    }

    @Override
    public Parameter bias(String name, int size) {
        return each.apply(source.bias(name, size));
    }
}
