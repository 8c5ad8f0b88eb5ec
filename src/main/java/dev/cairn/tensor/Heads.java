package dev.cairn.tensor;

/**
 * Attention heads inside a tensor: element d of head h at row t is {@code tensor[t, offset +
 * h·stride + d]}. GPT-NeoX interleaves query, key and value of each head in one row; Llama keeps
 * them in tensors of their own; a key-value cache has more rows than are in use. All are views.
 *
 * @param offset column where head 0 begins
 * @param stride columns from one head to the next
 */
public record Heads(Tensor tensor, int offset, int stride) {
    double get(int row, int head, int d) {
        return tensor.get(row, offset + head * stride + d);
    }

    void set(int row, int head, int d, double value) {
        tensor.set(row, offset + head * stride + d, value);
    }

    void add(int row, int head, int d, double value) {
        tensor.add(row, offset + head * stride + d, value);
    }

    float[] floats() {
        return ((F32Tensor) tensor).data;
    }

    int at(int row, int head) {
        return row * tensor.cols() + offset + head * stride;
    }
}
