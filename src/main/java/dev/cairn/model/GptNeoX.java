package dev.cairn.model;

import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Kernels;
import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GPT-NeoX (Black et al. 2022), the architecture of Pythia: fused query-key-value rows interleaved
 * per head, rotary embedding on part of each head, exact GELU, and attention and feed-forward
 * either side by side or one after the other.
 */
final class GptNeoX implements CausalLm {
    private record Layer(
            Norm.Layer inputNorm,
            Linear queryKeyValue,
            Linear dense,
            Norm.Layer postAttentionNorm,
            Linear up,
            Linear down) {
        List<Linear> linears() {
            return List.of(queryKeyValue, dense, up, down);
        }
    }

    /** What the backward pass needs of one layer; all rows are tokens. */
    private record Saved(
            Norm.Result norm,
            Linear.Result qkv,
            SelfAttention.Result attention,
            Linear.Result dense,
            Norm.Result mlpNorm,
            Linear.Result up,
            Linear.Result down) {}

    private final ModelConfig config;
    private final Kernels kernels;
    private final boolean parallelResidual;
    private final SelfAttention attention;
    private final Embedding embedding;
    private final List<Layer> layers = new ArrayList<>();
    private final Norm.Layer finalNorm;
    private final Linear head;
    private final List<Parameter> parameters = new ArrayList<>();

    GptNeoX(ConfigJson json, Weights source, Kernels kernels) {
        this.config = ModelConfig.read(json);
        this.kernels = kernels;
        this.parallelResidual = json.flag("use_parallel_residual", true);
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
        this.attention =
                new SelfAttention(
                        new Shape(heads, heads, headDim),
                        new Rotary(kernels, rotaryDims, rope.theta(), config.maxPositions()));
        int inner = json.positive("intermediate_size");
        boolean attentionBias = json.flag("attention_bias", true);
        double eps = json.number("layer_norm_eps", 1e-5);

        Weights weights = new Recorder(source, parameters);
        this.embedding =
                new Embedding(
                        weights.matrix("gpt_neox.embed_in.weight", config.vocabSize(), hidden));
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            String at = "gpt_neox.layers." + i + ".";
            layers.add(
                    new Layer(
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
        this.finalNorm = Norm.Layer.load(weights, "gpt_neox.final_layer_norm", hidden, eps);
        this.head =
                json.flag("tie_word_embeddings", false)
                        ? new Linear("embed_out", embedding.weight(), null)
                        : Linear.load(weights, "embed_out", config.vocabSize(), hidden, false);
    }

    @Override
    public Forward forward(Pass pass, TokenBatch batch, @Nullable KvCache cache) {
        batch.check(config);
        List<Saved> saved = new ArrayList<>();
        Tensor x = embedding.forward(pass, batch.ids());
        if (cache != null) {
            cache.reserve(batch);
        }
        for (int i = 0; i < layers.size(); i++) {
            Tensor y = pass.zeros(x.rows(), x.cols());
            Saved layer = forward(pass, layers.get(i), i, batch, x, y, cache);
            if (cache == null) {
                saved.add(layer);
            }
            x = y;
        }
        if (cache != null) {
            cache.advance(batch.ids().length);
        }
        Norm.Result last = finalNorm.forward(pass, x);
        return new Walk(pass, batch, saved, last);
    }

    /** {@code y = x + attention + feed-forward}. */
    private Saved forward(
            Pass pass,
            Layer layer,
            int index,
            TokenBatch batch,
            Tensor x,
            Tensor y,
            @Nullable KvCache cache) {
        var sum = pass.kernels().elementwise();
        Norm.Result norm = layer.inputNorm.forward(pass, x);
        Linear.Result qkv = layer.queryKeyValue.forward(pass, norm.y());
        SelfAttention.Result attended =
                attention.forward(
                        pass,
                        batch,
                        part(qkv.y(), 0),
                        part(qkv.y(), 1),
                        part(qkv.y(), 2),
                        cache,
                        index);
        Linear.Result dense = layer.dense.forward(pass, attended.out());
        sum.copy(x, y);
        sum.add(dense.y(), y);
        Tensor mlpInput = x;
        if (!parallelResidual) {
            mlpInput = pass.zeros(x.rows(), x.cols());
            sum.copy(y, mlpInput);
        }
        Norm.Result mlpNorm = layer.postAttentionNorm.forward(pass, mlpInput);
        Linear.Result up = layer.up.forward(pass, mlpNorm.y());
        Tensor active = pass.zeros(up.y().rows(), up.y().cols());
        pass.kernels().activations().gelu(up.y(), active);
        Linear.Result down = layer.down.forward(pass, active);
        sum.add(down.y(), y);
        return new Saved(norm, qkv, attended, dense, mlpNorm, up, down);
    }

    /** Turns the gradient of a layer's output into that of its input, in place. */
    private void backward(Pass pass, Layer layer, TokenBatch batch, Saved s, Tensor dx) {
        int rows = dx.rows();
        Tensor dActive = pass.zeros(rows, layer.down.in());
        layer.down.backward(pass, s.down(), dx, dActive);
        Tensor dUp = pass.zeros(rows, layer.up.out());
        pass.kernels().activations().geluBackward(s.up().y(), dActive, dUp);
        Tensor dMlpNorm = pass.zeros(rows, dx.cols());
        layer.up.backward(pass, s.up(), dUp, dMlpNorm);
        Tensor dAttention = dx;
        if (parallelResidual) {
            // The feed-forward read x, not what attention added: its gradient goes past attention.
            dAttention = pass.zeros(rows, dx.cols());
            pass.kernels().elementwise().copy(dx, dAttention);
        }
        layer.postAttentionNorm.backward(pass, s.mlpNorm(), dMlpNorm, dx);
        Tensor dAttended = pass.zeros(rows, layer.dense.in());
        layer.dense.backward(pass, s.dense(), dAttention, dAttended);
        Tensor dQkv = pass.zeros(rows, layer.queryKeyValue.out());
        attention.backward(
                pass, batch, s.attention(), dAttended, part(dQkv, 0), part(dQkv, 1), part(dQkv, 2));
        Tensor dNorm = pass.zeros(rows, dx.cols());
        layer.queryKeyValue.backward(pass, s.qkv(), dQkv, dNorm);
        layer.inputNorm.backward(pass, s.norm(), dNorm, dx);
    }

    /** Queries (0), keys (1) or values (2) in fused rows {@code [heads, 3, headDim]}. */
    private Heads part(Tensor qkv, int part) {
        int headDim = attention.shape().headDim();
        return new Heads(qkv, part * headDim, 3 * headDim);
    }

    private final class Walk implements Forward {
        private final Pass pass;
        private final TokenBatch batch;
        private final List<Saved> saved;
        private final Norm.Result last;

        Walk(Pass pass, TokenBatch batch, List<Saved> saved, Norm.Result last) {
            this.pass = pass;
            this.batch = batch;
            this.saved = saved;
            this.last = last;
        }

        @Override
        public Tensor hidden() {
            return last.y();
        }

        @Override
        public void backward(Tensor dHidden) {
            Tensor dx = pass.zeros(dHidden.rows(), dHidden.cols());
            finalNorm.backward(pass, last, dHidden, dx);
            for (int i = layers.size() - 1; i >= 0; i--) {
                GptNeoX.this.backward(pass, layers.get(i), batch, saved.get(i), dx);
            }
            embedding.backward(pass, batch.ids(), dx);
        }
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public Linear head() {
        return head;
    }

    @Override
    public List<Linear> linears() {
        return layers.stream().flatMap(layer -> layer.linears().stream()).toList();
    }

    @Override
    public List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    @Override
    public KvCache newCache(int capacity) {
        Shape shape = attention.shape();
        return new KvCache(kernels, layers.size(), shape.kvHeads(), shape.headDim(), capacity);
    }
}
