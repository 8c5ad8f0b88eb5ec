package dev.cairn.model.weights;

import dev.cairn.config.WeightFormat;
import dev.cairn.tensor.Int4Tensor;
import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Tensor;

/**
 * Weights whose linear layers are converted to another format when the model is opened. The file
 * stays mapped, so no matrix is on the heap twice.
 */
public record QuantizedWeights(Weights source, WeightFormat format) implements Weights {
    /** Smaller matrices fit in a core's cache, where fewer bits lose precision and save no time. */
    private static final long FEW_WEIGHTS = 1 << 16;

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
        return quantized(source.matrix(name, rows, cols), headFormat());
    }

    /** The embedding itself is only looked up row by row and stays in its own format. */
    @Override
    public Parameter tied(Parameter embedding) {
        return quantized(embedding, headFormat());
    }

    /**
     * The head's format, at least eight bits: an error in the head affects every logit (llama.cpp
     * makes the same choice).
     */
    private WeightFormat headFormat() {
        return format == WeightFormat.INT4 ? WeightFormat.INT8 : format;
    }

    private static Parameter quantized(Parameter stored, WeightFormat format) {
        return new Parameter(stored.name(), matrix(stored.value(), format), null);
    }

    private static Tensor matrix(Tensor stored, WeightFormat format) {
        return switch (format) {
            case AS_STORED -> stored;
            case BF16 -> MappedTensor.bf16(stored);
            case INT8 -> Int8Tensor.of(stored);
            case INT4 -> isSmall(stored) ? Int8Tensor.of(stored) : Int4Tensor.of(stored);
        };
    }

    private static boolean isSmall(Tensor matrix) {
        return (long) matrix.rows() * matrix.cols() < FEW_WEIGHTS;
    }

    @Override
    public boolean holds(String name) {
        return source.holds(name);
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
