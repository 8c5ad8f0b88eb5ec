package dev.cairn.model;

import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.Recorder;
import dev.cairn.model.weights.Weights;
import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
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

    /** What the backward pass needs of one layer; all rows are tokens. */
    private record Saved(
            Norm.Result norm,
            Linear.Result qkv,
            SelfAttention.Result attention,
            Linear.Result dense,
            Norm.Result mlpNorm,
            Linear.Result up,
            Linear.Result down) {}

    /** The whole model after its config.json. */
    static CausalLm open(ConfigJson json, Weights source, Kernels kernels) {
        ModelConfig config = ModelConfig.read(json);
        boolean parallelResidual = json.flag("use_parallel_residual", true);
        json.expect("hidden_act", json.text("hidden_act", "gelu"), "gelu");
        int hidden = config.hiddenSize();
        int heads = json.positive("num_attention_heads");
        if (hidden % heads != 0) {
            throw json.wrong("num_attention_heads", "a divisor of hidden_size " + hidden);
        }
        int headDim = hidden / heads;
        Rope rope = Rope.read(json, "rotary_emb_base", "rotary_pct", 0.25);
        int rotaryDims = (int) (headDim * rope.share());
        if (rotaryDims % 2 != 0) {
            throw json.wrong("rotary_pct", "an even number of rotary values per head");
        }
        SelfAttention attention =
                new SelfAttention(
                        new Shape(heads, heads, headDim), new Rotary(kernels, rope, rotaryDims));
        int inner = json.positive("intermediate_size");
        boolean attentionBias = json.flag("attention_bias", true);
        double eps = json.number("layer_norm_eps", 1e-5);

        List<Parameter> parameters = new ArrayList<>();
        Weights weights = new Recorder(source, parameters);
        Embedding embedding =
                new Embedding(
                        weights.matrix("gpt_neox.embed_in.weight", config.vocabSize(), hidden));
        List<GptNeoX> layers = new ArrayList<>();
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            String at = "gpt_neox.layers." + i + ".";
            layers.add(
                    new GptNeoX(
                            attention,
                            parallelResidual,
                            Norm.Layer.load(weights, at + "input_layernorm", hidden, eps),
                            Linear.load(
                                    weights,
                                    at + "attention.query_key_value",
                                    3 * hidden,
                                    hidden,
                                    attentionBias),
                            Linear.load(
                                    weights, at + "attention.dense", hidden, hidden, attentionBias),
                            Norm.Layer.load(weights, at + "post_attention_layernorm", hidden, eps),
                            Linear.load(weights, at + "mlp.dense_h_to_4h", inner, hidden, true),
                            Linear.load(weights, at + "mlp.dense_4h_to_h", hidden, inner, true)));
        }
        Norm finalNorm = Norm.Layer.load(weights, "gpt_neox.final_layer_norm", hidden, eps);
        Linear head =
                json.flag("tie_word_embeddings", false)
                        ? new Linear("embed_out", weights.tied(embedding.weight()), null)
                        : Linear.head(weights, "embed_out", config.vocabSize(), hidden);
        return new Transformer(
                config,
                kernels,
                attention.shape(),
                embedding,
                layers,
                finalNorm,
                head,
                List.copyOf(parameters),
                new BufferPool());
    }

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
                // The feed-forward read x, not what attention added: its gradient goes past it.
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

    /** Adds the gradient of the feed-forward half's input to {@code dx}. */
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
