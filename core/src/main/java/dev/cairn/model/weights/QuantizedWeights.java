package dev.cairn.model.weights;

/**
 * Weights whose linear layers are held in another format, made when the model is opened: the file
 * stays mapped, and no second copy of a matrix is on the heap.
 */
public record QuantizedWeights(Weights source, WeightFormat format) implements Weights {
    @Override
    public Parameter matrix(String name, int rows, int cols) {
        return source.matrix(name, rows, cols);
    }

    @Override
    public Parameter linear(String name, int rows, int cols) {
        return quantized(source.matrix(name, rows, cols), format);
    }

    @Override
    public Parameter head(String name, int rows, int cols) {
        return quantized(source.matrix(name, rows, cols), format.ofHead());
    }

    /** The embedding itself is looked up row by row and stays where it is. */
    @Override
    public Parameter tied(Parameter embedding) {
        return quantized(embedding, format.ofHead());
    }

    private static Parameter quantized(Parameter stored, WeightFormat format) {
        return new Parameter(stored.name(), format.of(stored.value()), null);
    }

    @Override
    public Parameter gain(String name, int size) {
        return source.gain(name, size);
    }

    @Override
    public Parameter bias(String name, int size) {
        return source.bias(name, size);
    }
}
