package dev.cairn.model;

import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer of Llama (Touvron et al. 2023) and the families that follow its design (SmolLM, Qwen,
 * Granite): a norm before each half, and each half added to its input.
 *
 * @param residualMultiplier factor of each half before it is added; 1 in all families but Granite
 */
record Llama(
        Norm inputNorm,
        GroupedAttention attention,
        Norm postAttentionNorm,
        GatedMlp mlp,
        double residualMultiplier)
        implements Transformer.Layer {

    /** What the backward pass needs of one layer; each row is a token. */
    private record Saved(
            Norm.Result norm,
            GroupedAttention.Result attention,
            Norm.Result mlpNorm,
            GatedMlp.Result mlp) {}

    /** {@code a = x + m·attention(norm(x))}, {@code y = a + m·mlp(norm(a))}. */
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
        Tensor middle = pass.blank(y.rows(), y.cols());
        sum.copy(Transformer.rows(pass, x, rows), middle);
        sum.add(scaled(pass, attended.y()), middle);
        Norm.Result mlpNorm = postAttentionNorm.forward(pass, middle);
        GatedMlp.Result fed = mlp.forward(pass, mlpNorm.y());
        sum.copy(middle, y);
        sum.add(scaled(pass, fed.y()), y);
        Saved saved = new Saved(norm, attended, mlpNorm, fed);
        return new Transformer.Backward(
                kept(saved),
                (dy, wantsInput) -> backward(pass, batch, saved, rows, dy, wantsInput));
    }

    /** Times the multiplier, in place; nothing reads the unscaled values again. */
    private Tensor scaled(ForwardContext pass, Tensor half) {
        if (residualMultiplier != 1) {
            pass.kernels().elementwise().scale(half, residualMultiplier);
        }
        return half;
    }

    /** The gradient of a half's output, given that of the sum, which stays. */
    private Tensor dHalf(ForwardContext pass, Tensor dy) {
        if (residualMultiplier == 1) {
            return dy;
        }
        Tensor copy = pass.blank(dy.rows(), dy.cols());
        pass.kernels().elementwise().copy(dy, copy);
        return scaled(pass, copy);
    }

    private List<Tensor> kept(Saved s) {
        List<Tensor> kept = new ArrayList<>();
        kept.addAll(List.of(s.norm().stats(), s.mlpNorm().x(), s.mlpNorm().stats()));
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
        Tensor dMlpNorm = mlp.backward(pass, s.mlp(), dHalf(pass, dy));
        postAttentionNorm.backward(pass, s.mlpNorm(), dMlpNorm, dy);
        Tensor dNorm =
                attention.backward(pass, batch, s.attention(), rows, dHalf(pass, dy), wantsInput);
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
