package dev.cairn.model;

import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Kernels;
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
                List.copyOf(parameters));
    }

    /** {@code y = x + attention + feed-forward}. */
    @Override
    public Transformer.Back forward(
            Pass pass, TokenBatch batch, int index, Tensor x, Tensor y, @Nullable KvCache cache) {
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
                        cache,
                        index);
        Linear.Result projected = dense.forward(pass, attended.out());
        sum.copy(x, y);
        sum.add(projected.y(), y);
        Tensor mlpInput = x;
        if (!parallelResidual) {
            mlpInput = pass.blank(x.rows(), x.cols());
            sum.copy(y, mlpInput);
        }
        Norm.Result mlpNorm = postAttentionNorm.forward(pass, mlpInput);
        Linear.Result raised = up.forward(pass, mlpNorm.y());
        Tensor active = pass.blank(raised.y().rows(), raised.y().cols());
        pass.kernels().activations().gelu(raised.y(), active);
        Linear.Result lowered = down.forward(pass, active);
        sum.add(lowered.y(), y);
        Saved saved = new Saved(norm, qkv, attended, projected, mlpNorm, raised, lowered);
        return new Transformer.Back(
                kept(saved), (dx, wantsInput) -> backward(pass, batch, saved, dx, wantsInput));
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

    private void backward(Pass pass, TokenBatch batch, Saved s, Tensor dx, boolean wantsInput) {
        Tensor dAttention = dx;
        if (wantsInput || !parallelResidual || up.learns(pass) || down.learns(pass)) {
            if (parallelResidual) {
                // The feed-forward read x, not what attention added: its gradient goes past it.
                dAttention = pass.blank(dx.rows(), dx.cols());
                pass.kernels().elementwise().copy(dx, dAttention);
            }
            feedForwardBackward(pass, s, dx);
        }
        Tensor dAttended = pass.blank(dx.rows(), dense.in());
        dense.backward(pass, s.dense(), dAttention, dAttended, false);
        Tensor dQkv = pass.zeros(dx.rows(), queryKeyValue.out());
        attention.backward(
                pass, batch, s.attention(), dAttended, part(dQkv, 0), part(dQkv, 1), part(dQkv, 2));
        if (!wantsInput) {
            queryKeyValue.backward(pass, s.qkv(), dQkv, null, false);
            return;
        }
        Tensor dNorm = pass.blank(dx.rows(), dx.cols());
        queryKeyValue.backward(pass, s.qkv(), dQkv, dNorm, false);
        inputNorm.backward(pass, s.norm(), dNorm, dx);
    }

    /** Adds the gradient of the feed-forward half's input to {@code dx}. */
    private void feedForwardBackward(Pass pass, Saved s, Tensor dx) {
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
