package dev.cairn.model;

import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer of GPT-NeoX (Black et al. 2022), the architecture of Pythia: fused query-key-value rows
 * interleaved per head, rotary embedding on part of each head, exact GELU, and attention and
 * feed-forward either side by side or one after the other.
 */
record GptNeoX(
        SelfAttention attention,
        boolean parallelResidual,
        Norm.Layer inputNorm,
        Linear queryKeyValue,
        Linear dense,
        Norm.Layer postAttentionNorm,
        Linear up,
        Linear down)
        implements Transformer.Layer {

    /** What the backward pass needs of one layer; each row is a token. */
    private record Saved(
            Norm.Result norm,
            Linear.Result qkv,
            SelfAttention.Result attention,
            Linear.Result dense,
            Norm.Result mlpNorm,
            Linear.Result up,
            Linear.Result down) {}

    /** {@code y = x + attention + feed-forward}. */
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
        Linear.Result qkv = queryKeyValue.forward(pass, norm.y());
        SelfAttention.Result attended =
                attention.forward(
                        pass,
                        batch,
                        part(qkv.y(), 0),
                        part(qkv.y(), 1),
                        part(qkv.y(), 2),
                        caches,
                        index);
        Linear.Result projected = dense.forward(pass, Transformer.rows(pass, attended.out(), rows));
        Tensor mlpInput = Transformer.rows(pass, x, rows);
        sum.copy(mlpInput, y);
        sum.add(projected.y(), y);
        if (!parallelResidual) {
            mlpInput = pass.blank(y.rows(), y.cols());
            sum.copy(y, mlpInput);
        }
        Norm.Result mlpNorm = postAttentionNorm.forward(pass, mlpInput);
        Linear.Result raised = up.forward(pass, mlpNorm.y());
        Tensor active = pass.blank(raised.y().rows(), raised.y().cols());
        pass.kernels().activations().gelu(raised.y(), active);
        Linear.Result lowered = down.forward(pass, active);
        sum.add(lowered.y(), y);
        Saved saved = new Saved(norm, qkv, attended, projected, mlpNorm, raised, lowered);
        return new Transformer.Backward(
                kept(saved),
                (dy, wantsInput) -> backward(pass, batch, saved, rows, dy, wantsInput));
    }

    private List<Tensor> kept(Saved s) {
        List<Tensor> kept = new ArrayList<>(s.attention().kept());
        kept.addAll(List.of(s.norm().stats(), s.mlpNorm().x(), s.mlpNorm().stats(), s.up().y()));
        kept.addAll(s.qkv().kept(queryKeyValue));
        kept.addAll(s.dense().kept(dense));
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
        Tensor dAttention = dy;
        if (wantsInput || !parallelResidual || up.learns(pass) || down.learns(pass)) {
            if (parallelResidual) {
                // The feed-forward read x, not attention's output, so its gradient bypasses
                // attention.
                dAttention = pass.blank(dy.rows(), dy.cols());
                pass.kernels().elementwise().copy(dy, dAttention);
            }
            feedForwardBackward(pass, s, dy);
        }
        int count = batch.ids().length;
        Tensor dSome = pass.blank(dy.rows(), dense.in());
        dense.backward(pass, s.dense(), dAttention, dSome, false);
        Tensor dAttended = Transformer.rowsBackward(pass, dSome, rows, count);
        Tensor dQkv = pass.zeros(count, queryKeyValue.out());
        attention.backward(
                pass, batch, s.attention(), dAttended, part(dQkv, 0), part(dQkv, 1), part(dQkv, 2));
        Tensor dx = Transformer.rowsBackward(pass, dy, rows, count);
        Tensor dNorm = wantsInput ? pass.blank(count, queryKeyValue.in()) : null;
        queryKeyValue.backward(pass, s.qkv(), dQkv, dNorm, false);
        if (dNorm != null) {
            inputNorm.backward(pass, s.norm(), dNorm, dx);
        }
        return dx;
    }

    /** Adds the gradient of the feed-forward input to {@code dx}. */
    private void feedForwardBackward(ForwardContext pass, Saved s, Tensor dx) {
        Tensor dActive = pass.blank(dx.rows(), down.in());
        down.backward(pass, s.down(), dx, dActive, false);
        Tensor dUp = pass.blank(dx.rows(), up.out());
        pass.kernels().activations().geluBackward(s.up().y(), dActive, dUp);
        Tensor dMlpNorm = pass.blank(dx.rows(), dx.cols());
        up.backward(pass, s.up(), dUp, dMlpNorm, false);
        postAttentionNorm.backward(pass, s.mlpNorm(), dMlpNorm, dx);
    }

    /** Queries (0), keys (1) or values (2) in fused rows {@code [heads, 3, headDim]}. */
    private Heads part(Tensor qkv, int part) {
        int headDim = attention.shape().headDim();
        return new Heads(qkv, part * headDim, 3 * headDim);
    }

    @Override
    public List<Linear> linears() {
        return List.of(queryKeyValue, dense, up, down);
    }
}
