package dev.cairn.model.weights;

import dev.cairn.CairnException;
import dev.cairn.format.Safetensors;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Tensor;

/**
 * Frozen weights from a model's files: matrices stay mapped in the format of the file; vectors are
 * small and are copied to the heap as floats.
 */
public final class StoredWeights implements Weights {
    private final Safetensors file;

    public StoredWeights(Safetensors file) {
        this.file = file;
    }

    @Override
    public Parameter matrix(String name, int rows, int cols) {
        Safetensors.Entry entry = file.entry(name).expectShape(rows, cols);
        Tensor value = MappedTensor.of(entry.data(), format(entry), rows, cols);
        return new Parameter(name, value, null);
    }

    @Override
    public boolean holds(String name) {
        return file.names().contains(name);
    }

    @Override
    public Parameter gain(String name, int size) {
        Safetensors.Entry entry = file.entry(name).expectShape(size);
        format(entry);
        return new Parameter(name, F32Tensor.of(entry.toFloats(), 1, size), null);
    }

    @Override
    public Parameter bias(String name, int size) {
        return gain(name, size);
    }

    private static MappedTensor.Format format(Safetensors.Entry entry) {
        return switch (entry.dtype()) {
            case F32 -> MappedTensor.Format.F32;
            case BF16 -> MappedTensor.Format.BF16;
            case F16 -> MappedTensor.Format.F16;
            default ->
                    throw new CairnException(
                            "%s: tensor %s has dtype %s, expected F32, F16 or BF16; convert the model"
                                    .formatted(entry.file(), entry.name(), entry.dtype()));
        };
    }
}
