package dev.cairn.model;

import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention with separate projections of queries, keys and values, whose heads may be normalised
 * before rotation, and the output projection: what Llama and all that followed it have in common.
 *
 * @param queryNorm norm of each query head before rotation; null in most families
 * @param keyNorm norm of each key head before rotation; null in most families
 */
record GroupedAttention(
        SelfAttention attention,
        Linear query,
        Linear key,
        Linear value,
        @Nullable HeadNorm queryNorm,
        @Nullable HeadNorm keyNorm,
        Linear output) {

    /** What the backward pass needs; each row is a token. */
    record Result(
            Linear.Result q,
            Linear.Result k,
            Linear.Result v,
            Norm.@Nullable Result qNorm,
            Norm.@Nullable Result kNorm,
            SelfAttention.Result attended,
            Linear.Result output) {
        /** Output {@code [T, hidden]}, or only the needed rows of it. */
        Tensor y() {
            return output.y();
        }
    }

    /**
     * Computes the attention of a layer.
     *
     * @param x the normalised input {@code [T, hidden]}
     * @param rows the rows of the output that are needed; null for all
     */
    Result forward(
            ForwardContext pass,
            TokenBatch batch,
            int layer,
            Tensor x,
            int @Nullable [] rows,
            List<KvCache> caches) {
        Linear.Result q = query.forward(pass, x);
        Linear.Result k = key.forward(pass, x);
        Linear.Result v = value.forward(pass, x);
        Norm.Result qNorm = queryNorm == null ? null : queryNorm.forward(pass, q.y());
        Norm.Result kNorm = keyNorm == null ? null : keyNorm.forward(pass, k.y());
        SelfAttention.Result attended =
                attention.forward(
                        pass,
                        batch,
                        heads(qNorm == null ? q.y() : qNorm.y().reshape(x.rows(), query.out())),
                        heads(kNorm == null ? k.y() : kNorm.y().reshape(x.rows(), key.out())),
                        heads(v.y()),
                        caches,
                        layer);
        Tensor some = Transformer.rows(pass, attended.out(), rows);
        return new Result(q, k, v, qNorm, kNorm, attended, output.forward(pass, some));
    }

    /** The tensors that the backward pass reads. */
    List<Tensor> kept(Result r) {
        List<Tensor> kept = new ArrayList<>(r.attended().kept());
        for (Norm.Result headNorm : Arrays.asList(r.qNorm(), r.kNorm())) {
            if (headNorm != null) {
                kept.addAll(List.of(headNorm.x(), headNorm.stats()));
            }
        }
        kept.addAll(r.q().kept(query));
        kept.addAll(r.k().kept(key));
        kept.addAll(r.v().kept(value));
        kept.addAll(r.output().kept(output));
        return kept;
    }

    /**
     * Adds the gradients to all trained weights.
     *
     * @param dy gradient of the output, or of its needed rows
     * @param wantsInput whether anything before this layer is trained
     * @return gradient of the normalised input, {@code [T, hidden]}; null when it is not wanted
     */
    @Nullable Tensor backward(
            ForwardContext pass,
            TokenBatch batch,
            Result r,
            int @Nullable [] rows,
            Tensor dy,
            boolean wantsInput) {
        Tensor dSome = pass.blank(dy.rows(), output.in());
        output.backward(pass, r.output(), dy, dSome, false);
        int count = batch.ids().length;
        Tensor dAttended = Transformer.rowsBackward(pass, dSome, rows, count);
        Tensor dq = pass.zeros(count, query.out());
        Tensor dk = pass.zeros(count, key.out());
        Tensor dv = pass.zeros(count, value.out());
        attention.backward(pass, batch, r.attended(), dAttended, heads(dq), heads(dk), heads(dv));
        Tensor dx = wantsInput ? pass.blank(count, query.in()) : null;
        query.backward(pass, r.q(), beforeNorm(pass, queryNorm, r.qNorm(), dq), dx, false);
        key.backward(pass, r.k(), beforeNorm(pass, keyNorm, r.kNorm(), dk), dx, true);
        value.backward(pass, r.v(), dv, dx, true);
        return dx;
    }

    private static Tensor beforeNorm(
            ForwardContext pass, @Nullable HeadNorm norm, Norm.@Nullable Result result, Tensor dy) {
        return norm == null || result == null ? dy : norm.backward(pass, result, dy);
    }

    private Heads heads(Tensor t) {
        return new Heads(t, 0, attention.shape().headDim());
    }

    List<Linear> linears() {
        return List.of(query, key, value, output);
    }
}
