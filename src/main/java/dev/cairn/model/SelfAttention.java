package dev.cairn.model;

import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rotary causal self-attention between the projections in and out, with or without a cache. */
record SelfAttention(Shape shape, Rotary rotary) {
    /**
     * What a forward pass leaves behind: rotated queries and keys, values, output {@code [T,
     * heads·headDim]} and the log-sum-exp of the scores {@code [T, heads]}.
     */
    record Result(Heads q, Heads k, Heads v, Tensor out, Tensor logSumExp) {
        /** What the backward pass reads. */
        List<Tensor> kept() {
            return List.of(q.tensor(), k.tensor(), v.tensor(), out, logSumExp);
        }

        Heads outHeads(Shape shape) {
            return new Heads(out, 0, shape.headDim());
        }
    }

    /** Rotates q and k in place; with a cache, k and v are appended to it and read from there. */
    Result forward(
            Pass pass,
            TokenBatch batch,
            Heads q,
            Heads k,
            Heads v,
            @Nullable KvCache cache,
            int layer) {
        rotary.forward(pass, q, shape.heads(), batch.positions());
        rotary.forward(pass, k, shape.kvHeads(), batch.positions());
        if (cache != null) {
            Heads keys = cache.keys(layer);
            Heads values = cache.values(layer);
            int tokens = batch.ids().length;
            keys.copyFrom(k, cache.length(), tokens, shape.kvHeads(), shape.headDim());
            values.copyFrom(v, cache.length(), tokens, shape.kvHeads(), shape.headDim());
            k = keys;
            v = values;
        }
        Tensor out = pass.blank(batch.ids().length, shape.heads() * shape.headDim());
        Tensor logSumExp = pass.blank(batch.ids().length, shape.heads());
        Result result = new Result(q, k, v, out, logSumExp);
        pass.kernels()
                .attention()
                .forward(shape, batch.spans(), q, k, v, result.outHeads(shape), logSumExp);
        return result;
    }

    /** Adds the gradients before rotation to dq, dk and dv, which must be zero before. */
    void backward(
            Pass pass, TokenBatch batch, Result r, Tensor dOut, Heads dq, Heads dk, Heads dv) {
        pass.kernels()
                .attention()
                .backward(
                        shape,
                        batch.spans(),
                        r.q(),
                        r.k(),
                        r.v(),
                        r.outHeads(shape),
                        r.logSumExp(),
                        new Heads(dOut, 0, shape.headDim()),
                        dq,
                        dk,
                        dv);
        rotary.backward(pass, dq, shape.heads(), batch.positions());
        rotary.backward(pass, dk, shape.kvHeads(), batch.positions());
    }
}
