package dev.cairn.model.weights;

import java.util.List;

/** Weights that record every parameter a model loads, in order. */
public record Recorder(Weights source, List<Parameter> parameters) implements Weights {
    @Override
    public Parameter matrix(String name, int rows, int cols) {
        return note(source.matrix(name, rows, cols));
    }

    @Override
    public Parameter linear(String name, int rows, int cols) {
        return note(source.linear(name, rows, cols));
    }

    @Override
    public Parameter head(String name, int rows, int cols) {
        return note(source.head(name, rows, cols));
    }

    /** Already recorded, as the embedding. */
    @Override
    public Parameter tied(Parameter embedding) {
        return source.tied(embedding);
    }

    @Override
    public Parameter gain(String name, int size) {
        return note(source.gain(name, size));
    }

    @Override
    public Parameter bias(String name, int size) {
        return note(source.bias(name, size));
    }

    private Parameter note(Parameter parameter) {
        parameters.add(parameter);
        return parameter;
    }
}
