package dev.cairn.model.gguf;

import dev.cairn.format.Gguf;
import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.Weights;
import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Frozen weights from a GGUF file. Matrices stay mapped in the format of the file. Those whose rows
 * GGUF reorders (queries and keys of Llama; queries, keys and values of GPT-NeoX) are copied, row
 * by row and as they are, into memory outside the heap, so that adapters find Hugging Face's order;
 * in Llama that is less than a tenth of the file. Vectors are small and are copied to the heap as
 * floats.
 */
record GgufWeights(GgufModel model) implements Weights {
    @Override
    public Parameter matrix(String name, int rows, int cols) {
        Gguf.Entry entry = model.entry(name).expectShape(rows, cols);
        AxisSwap order = model.order(entry);
        MemorySegment data = order == null ? entry.data() : reordered(entry.data(), order, rows);
        return new Parameter(name, tensor(entry, data, rows, cols), null);
    }

    private static Tensor tensor(Gguf.Entry entry, MemorySegment data, int rows, int cols) {
        return switch (entry.type()) {
            case F32 -> MappedTensor.of(data, MappedTensor.Format.F32, rows, cols);
            case F16 -> MappedTensor.of(data, MappedTensor.Format.F16, rows, cols);
            case BF16 -> MappedTensor.of(data, MappedTensor.Format.BF16, rows, cols);
            default -> BlockTensor.of(data, entry.type().blocks().orElseThrow(), rows, cols);
        };
    }

    private static MemorySegment reordered(MemorySegment data, AxisSwap order, int rows) {
        long rowBytes = data.byteSize() / rows;
        MemorySegment copy = Arena.ofAuto().allocate(data.byteSize(), Long.BYTES);
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(data, order.source(row) * rowBytes, copy, row * rowBytes, rowBytes);
        }
        return copy.asReadOnly();
    }

    @Override
    public Parameter gain(String name, int size) {
        model.entry(name).expectShape(size);
        float[] values = new float[size];
        model.tensor(name).rows().read(0, values);
        return new Parameter(name, F32Tensor.of(values, 1, size), null);
    }

    @Override
    public Parameter bias(String name, int size) {
        return gain(name, size);
    }
}
