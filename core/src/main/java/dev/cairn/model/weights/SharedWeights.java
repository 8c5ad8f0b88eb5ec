package dev.cairn.model.weights;

import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The weights of a model that is trained, with other gradients. */
public final class SharedWeights implements Weights {
    private final Map<String, Parameter> known;
    private final Kernels kernels;

    /**
     * @param parameters all weights of the model
     */
    public SharedWeights(List<Parameter> parameters, Kernels kernels) {
        this.known =
                parameters.stream().collect(Collectors.toMap(Parameter::name, Function.identity()));
        this.kernels = kernels;
    }

    @Override
    public Parameter matrix(String name, int rows, int cols) {
        Parameter parameter = known.get(name);
        if (parameter == null) {
            throw new IllegalStateException(name + ": not a weight of the model that is shared");
        }
        Tensor value = parameter.value();
        return new Parameter(name, value, kernels.zeros(value.rows(), value.cols()));
    }

    @Override
    public Parameter gain(String name, int size) {
        return matrix(name, 1, size);
    }

    @Override
    public Parameter bias(String name, int size) {
        return matrix(name, 1, size);
    }

    @Override
    public boolean holds(String name) {
        return known.containsKey(name);
    }
}
