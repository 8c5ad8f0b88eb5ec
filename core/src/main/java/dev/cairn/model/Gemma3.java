package dev.cairn.model;

import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer of Gemma 3 (Gemma team 2025): a norm before and one after each half, and the normalised
 * half added to its input.
 */
record Gemma3(
        Norm inputNorm,
        GroupedAttention attention,
        Norm postAttentionNorm,
        Norm preFeedForwardNorm,
        GatedMlp mlp,
        Norm postFeedForwardNorm)
        implements Transformer.Layer {

    /** What the backward pass needs of one layer; each row is a token. */
    private record Saved(
            Norm.Result norm,
            GroupedAttention.Result attention,
            Norm.Result attentionNorm,
            Norm.Result mlpNorm,
            GatedMlp.Result mlp,
            Norm.Result fedNorm) {}

    /** {@code a = x + norm(attention(norm(x)))}, {@code y = a + norm(mlp(norm(a)))}. */
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
        GroupedAttention.Result attended =
                attention.forward(pass, batch, index, norm.y(), rows, caches);
        Norm.Result attentionNorm = postAttentionNorm.forward(pass, attended.y());
        Tensor middle = pass.blank(y.rows(), y.cols());
        sum.copy(Transformer.rows(pass, x, rows), middle);
        sum.add(attentionNorm.y(), middle);
        Norm.Result mlpNorm = preFeedForwardNorm.forward(pass, middle);
        GatedMlp.Result fed = mlp.forward(pass, mlpNorm.y());
        Norm.Result fedNorm = postFeedForwardNorm.forward(pass, fed.y());
        sum.copy(middle, y);
        sum.add(fedNorm.y(), y);
        Saved saved = new Saved(norm, attended, attentionNorm, mlpNorm, fed, fedNorm);
        return new Transformer.Backward(
                kept(saved),
                (dy, wantsInput) -> backward(pass, batch, saved, rows, dy, wantsInput));
    }

    private List<Tensor> kept(Saved s) {
        List<Tensor> kept = new ArrayList<>();
        kept.add(s.norm().stats());
        for (Norm.Result norm : List.of(s.attentionNorm(), s.mlpNorm(), s.fedNorm())) {
            kept.addAll(List.of(norm.x(), norm.stats()));
        }
        kept.addAll(attention.kept(s.attention()));
        kept.addAll(mlp.kept(s.mlp()));
        return kept;
    }

    private Tensor backward(
            ForwardContext pass,
            TokenBatch batch,
            Saved s,
            int @Nullable [] rows,
            Tensor dy,
            boolean wantsInput) {
        Tensor dFed = pass.zeros(dy.rows(), dy.cols());
        postFeedForwardNorm.backward(pass, s.fedNorm(), dy, dFed);
        Tensor dMlpNorm = mlp.backward(pass, s.mlp(), dFed);
        preFeedForwardNorm.backward(pass, s.mlpNorm(), dMlpNorm, dy);
        Tensor dAttended = pass.zeros(dy.rows(), dy.cols());
        postAttentionNorm.backward(pass, s.attentionNorm(), dy, dAttended);
        Tensor dNorm = attention.backward(pass, batch, s.attention(), rows, dAttended, wantsInput);
        Tensor dx = Transformer.rowsBackward(pass, dy, rows, batch.ids().length);
        if (dNorm != null) {
            inputNorm.backward(pass, s.norm(), dNorm, dx);
        }
        return dx;
    }

    @Override
    public List<Linear> linears() {
        List<Linear> linears = new ArrayList<>(attention.linears());
        linears.addAll(mlp.linears());
        return linears;
    }
}
