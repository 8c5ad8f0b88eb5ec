package dev.cairn.model;

import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Attention.Span;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Causal self-attention, between the input and output projections, with or without a cache.
 *
 * @param rotary turns queries and keys by their positions; null in layers without rotary embedding
 *     (Kazemnejad et al. 2023)
 */
record SelfAttention(Shape shape, @Nullable Rotary rotary) {
    /**
     * The result of a forward pass, as the backward pass needs it: rotated queries and keys,
     * values, output {@code [T, heads·headDim]} and the log-sum-exp of the scores {@code [T,
     * heads]}.
     */
    record Result(Heads q, Heads k, Heads v, Tensor out, Tensor logSumExp) {
        /** The tensors that the backward pass reads. */
        List<Tensor> kept() {
            return List.of(q.tensor(), k.tensor(), v.tensor(), out, logSumExp);
        }

        Heads outHeads(Shape shape) {
            return new Heads(out, 0, shape.headDim());
        }
    }

    /** Rotates q and k in place; with caches, k and v are appended to them and read from there. */
    Result forward(
            ForwardContext pass,
            TokenBatch batch,
            Heads q,
            Heads k,
            Heads v,
            List<KvCache> caches,
            int layer) {
        if (rotary != null) {
            rotary.forward(pass, q, shape.heads(), batch.positions());
            rotary.forward(pass, k, shape.kvHeads(), batch.positions());
        }
        Tensor out = pass.blank(batch.ids().length, shape.heads() * shape.headDim());
        Tensor logSumExp = pass.blank(batch.ids().length, shape.heads());
        Result result = new Result(q, k, v, out, logSumExp);
        if (caches.isEmpty()) {
            attend(pass, batch.spans(), k, v, result);
        } else {
            // One sequence per chunk, since they differ in length: a free thread takes the next
            // one.
            ThreadPool.chunks(
                    caches.size(),
                    1,
                    (from, to) -> {
                        for (int i = from; i < to; i++) {
                            attend(pass, batch.spans().get(i), caches.get(i), layer, result);
                        }
                    });
        }
        return result;
    }

    /** Attention of one sequence, whose new keys and values are first written to its cache. */
    private void attend(ForwardContext pass, Span span, KvCache cache, int layer, Result r) {
        Heads keys = cache.keys(layer);
        Heads values = cache.values(layer);
        int from = span.queryStart();
        int count = span.queryCount();
        keys.copyFrom(r.k(), from, cache.length(), count, shape.kvHeads(), shape.headDim());
        values.copyFrom(r.v(), from, cache.length(), count, shape.kvHeads(), shape.headDim());
        attend(pass, List.of(span), keys, values, r);
    }

    private void attend(ForwardContext pass, List<Span> spans, Heads k, Heads v, Result r) {
        pass.kernels()
                .attention()
                .forward(shape, spans, r.q(), k, v, r.outHeads(shape), r.logSumExp());
    }

    /** Writes the gradients before rotation to dq, dk and dv, which must hold zeros. */
    void backward(
            ForwardContext pass,
            TokenBatch batch,
            Result r,
            Tensor dOut,
            Heads dq,
            Heads dk,
            Heads dv) {
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
        if (rotary != null) {
            rotary.backward(pass, dq, shape.heads(), batch.positions());
            rotary.backward(pass, dk, shape.kvHeads(), batch.positions());
        }
    }
}
