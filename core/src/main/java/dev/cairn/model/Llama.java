package dev.cairn.model;

import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer of Llama (Touvron et al. 2023) and the families that follow its design (SmolLM, Qwen):
 * separate projections with grouped queries, rotary embedding on whole heads, RMSNorm and SwiGLU;
 * the head may be tied to the embedding.
 *
 * @param queryNorm norm of each query head before rotation; null in most families
 * @param keyNorm norm of each key head before rotation; null in most families
 */
record Llama(
        SelfAttention attention,
        Norm.Rms inputNorm,
        Linear query,
        Linear key,
        Linear value,
        @Nullable HeadNorm queryNorm,
        @Nullable HeadNorm keyNorm,
        Linear output,
        Norm.Rms postAttentionNorm,
        Linear gate,
        Linear up,
        Linear down)
        implements Transformer.Layer {

    /** What the backward pass needs of one layer; each row is a token. */
    private record Saved(
            Norm.Result norm,
            Linear.Result q,
            Linear.Result k,
            Linear.Result v,
            Norm.@Nullable Result qNorm,
            Norm.@Nullable Result kNorm,
            SelfAttention.Result attention,
            Linear.Result output,
            Norm.Result mlpNorm,
            Linear.Result gate,
            Linear.Result up,
            Linear.Result down) {}

    /** {@code a = x + attention(x)}, {@code y = a + feedForward(a)}. */
    @Override
    public Transformer.Backward forward(
            ForwardContext pass,
            TokenBatch batch,
            int index,
            Tensor x,
            int @Nullable [] rows,
            Tensor y,
            List<KvCache> caches) {
        var sum = pass.kernels().elementwise();
        Norm.Result norm = inputNorm.forward(pass, x);
        Linear.Result q = query.forward(pass, norm.y());
        Linear.Result k = key.forward(pass, norm.y());
        Linear.Result v = value.forward(pass, norm.y());
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
                        index);
        Linear.Result projected =
                output.forward(pass, Transformer.rows(pass, attended.out(), rows));
        Tensor middle = pass.blank(y.rows(), y.cols());
        sum.copy(Transformer.rows(pass, x, rows), middle);
        sum.add(projected.y(), middle);
        Norm.Result mlpNorm = postAttentionNorm.forward(pass, middle);
        Linear.Result gated = gate.forward(pass, mlpNorm.y());
        Linear.Result raised = up.forward(pass, mlpNorm.y());
        Tensor active = pass.blank(y.rows(), down.in());
        pass.kernels().activations().swiGlu(gated.y(), raised.y(), active);
        Linear.Result lowered = down.forward(pass, active);
        sum.copy(middle, y);
        sum.add(lowered.y(), y);
        Saved saved =
                new Saved(
                        norm, q, k, v, qNorm, kNorm, attended, projected, mlpNorm, gated, raised,
                        lowered);
        return new Transformer.Backward(
                kept(saved),
                (dy, wantsInput) -> backward(pass, batch, saved, rows, dy, wantsInput));
    }

    private List<Tensor> kept(Saved s) {
        List<Tensor> kept = new ArrayList<>(s.attention().kept());
        kept.addAll(List.of(s.norm().stats(), s.mlpNorm().x(), s.mlpNorm().stats()));
        kept.addAll(List.of(s.gate().y(), s.up().y()));
        for (Norm.Result headNorm : Arrays.asList(s.qNorm(), s.kNorm())) {
            if (headNorm != null) {
                kept.addAll(List.of(headNorm.x(), headNorm.stats()));
            }
        }
        kept.addAll(s.q().kept(query));
        kept.addAll(s.k().kept(key));
        kept.addAll(s.v().kept(value));
        kept.addAll(s.output().kept(output));
        kept.addAll(s.gate().kept(gate));
        kept.addAll(s.up().kept(up));
        kept.addAll(s.down().kept(down));
        return kept;
    }

    private Tensor backward(
            ForwardContext pass,
            TokenBatch batch,
            Saved s,
            int @Nullable [] rows,
            Tensor dy,
            boolean wantsInput) {
        Tensor dActive = pass.blank(dy.rows(), down.in());
        down.backward(pass, s.down(), dy, dActive, false);
        Tensor dGate = pass.blank(dy.rows(), gate.out());
        Tensor dUp = pass.blank(dy.rows(), up.out());
        pass.kernels().activations().swiGluBackward(s.gate().y(), s.up().y(), dActive, dGate, dUp);
        Tensor dMlpNorm = pass.blank(dy.rows(), dy.cols());
        gate.backward(pass, s.gate(), dGate, dMlpNorm, false);
        up.backward(pass, s.up(), dUp, dMlpNorm, true);
        postAttentionNorm.backward(pass, s.mlpNorm(), dMlpNorm, dy);
        Tensor dSome = pass.blank(dy.rows(), output.in());
        output.backward(pass, s.output(), dy, dSome, false);
        int count = batch.ids().length;
        Tensor dAttended = Transformer.rowsBackward(pass, dSome, rows, count);
        Tensor dq = pass.zeros(count, query.out());
        Tensor dk = pass.zeros(count, key.out());
        Tensor dv = pass.zeros(count, value.out());
        attention.backward(pass, batch, s.attention(), dAttended, heads(dq), heads(dk), heads(dv));
        Tensor dx = Transformer.rowsBackward(pass, dy, rows, count);
        Tensor dNorm = wantsInput ? pass.blank(count, dx.cols()) : null;
        query.backward(pass, s.q(), beforeNorm(pass, queryNorm, s.qNorm(), dq), dNorm, false);
        key.backward(pass, s.k(), beforeNorm(pass, keyNorm, s.kNorm(), dk), dNorm, true);
        value.backward(pass, s.v(), dv, dNorm, true);
        if (dNorm != null) {
            inputNorm.backward(pass, s.norm(), dNorm, dx);
        }
        return dx;
    }

    private static Tensor beforeNorm(
            ForwardContext pass, @Nullable HeadNorm norm, Norm.@Nullable Result result, Tensor dy) {
        return norm == null || result == null ? dy : norm.backward(pass, result, dy);
    }

    private Heads heads(Tensor t) {
        return new Heads(t, 0, attention.shape().headDim());
    }

    @Override
    public List<Linear> linears() {
        return List.of(query, key, value, output, gate, up, down);
    }
}
