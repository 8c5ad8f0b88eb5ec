package dev.cairn.model;

import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Kernels;
import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Llama (Touvron et al. 2023): separate projections with grouped queries, rotary embedding on whole
 * heads, RMSNorm, SwiGLU, head tied to the embedding or not.
 */
final class Llama implements CausalLm {
    private record Layer(
            Norm.Rms inputNorm,
            Linear query,
            Linear key,
            Linear value,
            Linear output,
            Norm.Rms postAttentionNorm,
            Linear gate,
            Linear up,
            Linear down) {
        List<Linear> linears() {
            return List.of(query, key, value, output, gate, up, down);
        }
    }

    /** What the backward pass needs of one layer; all rows are tokens. */
    private record Saved(
            Norm.Result norm,
            Linear.Result q,
            Linear.Result k,
            Linear.Result v,
            SelfAttention.Result attention,
            Linear.Result output,
            Norm.Result mlpNorm,
            Linear.Result gate,
            Linear.Result up,
            Linear.Result down) {}

    private final ModelConfig config;
    private final Kernels kernels;
    private final SelfAttention attention;
    private final Embedding embedding;
    private final List<Layer> layers = new ArrayList<>();
    private final Norm.Rms finalNorm;
    private final Linear head;
    private final List<Parameter> parameters = new ArrayList<>();

    Llama(ConfigJson json, Weights source, Kernels kernels) {
        this.config = ModelConfig.read(json);
        this.kernels = kernels;
        json.expect("hidden_act", json.text("hidden_act", "silu"), "silu");
        int hidden = config.hiddenSize();
        int heads = json.positive("num_attention_heads");
        int kvHeads = json.positive("num_key_value_heads", heads);
        if (heads % kvHeads != 0) {
            throw json.wrong("num_key_value_heads", "a divisor of num_attention_heads " + heads);
        }
        if (!json.has("head_dim") && hidden % heads != 0) {
            throw json.wrong("num_attention_heads", "a divisor of hidden_size " + hidden);
        }
        int headDim = json.positive("head_dim", hidden / heads);
        if (headDim % 2 != 0) {
            throw json.wrong("head_dim", "an even number");
        }
        Rope rope = Rope.read(json, "rope_theta", "partial_rotary_factor", 1);
        json.expect("partial_rotary_factor", Double.toString(rope.share()), "1.0");
        this.attention =
                new SelfAttention(
                        new Shape(heads, kvHeads, headDim),
                        new Rotary(kernels, headDim, rope.theta(), config.maxPositions()));
        int inner = json.positive("intermediate_size");
        boolean bias = json.flag("attention_bias", false);
        boolean mlpBias = json.flag("mlp_bias", false);
        double eps = json.number("rms_norm_eps", 1e-6);

        Weights weights = new Recorder(source, parameters);
        this.embedding =
                new Embedding(
                        weights.matrix("model.embed_tokens.weight", config.vocabSize(), hidden));
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            String at = "model.layers." + i + ".";
            String self = at + "self_attn.";
            String mlp = at + "mlp.";
            layers.add(
                    new Layer(
                            Norm.Rms.load(weights, at + "input_layernorm", hidden, eps),
                            Linear.load(weights, self + "q_proj", heads * headDim, hidden, bias),
                            Linear.load(weights, self + "k_proj", kvHeads * headDim, hidden, bias),
                            Linear.load(weights, self + "v_proj", kvHeads * headDim, hidden, bias),
                            Linear.load(weights, self + "o_proj", hidden, heads * headDim, bias),
                            Norm.Rms.load(weights, at + "post_attention_layernorm", hidden, eps),
                            Linear.load(weights, mlp + "gate_proj", inner, hidden, mlpBias),
                            Linear.load(weights, mlp + "up_proj", inner, hidden, mlpBias),
                            Linear.load(weights, mlp + "down_proj", hidden, inner, mlpBias)));
        }
        this.finalNorm = Norm.Rms.load(weights, "model.norm", hidden, eps);
        this.head =
                json.flag("tie_word_embeddings", false)
                        ? new Linear("lm_head", embedding.weight(), null)
                        : Linear.load(weights, "lm_head", config.vocabSize(), hidden, false);
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
        return new Walk(pass, batch, saved, finalNorm.forward(pass, x));
    }

    /** {@code a = x + attention(x)}, {@code y = a + feedForward(a)}. */
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
        Linear.Result q = layer.query.forward(pass, norm.y());
        Linear.Result k = layer.key.forward(pass, norm.y());
        Linear.Result v = layer.value.forward(pass, norm.y());
        SelfAttention.Result attended =
                attention.forward(
                        pass, batch, heads(q.y()), heads(k.y()), heads(v.y()), cache, index);
        Linear.Result output = layer.output.forward(pass, attended.out());
        Tensor middle = pass.zeros(x.rows(), x.cols());
        sum.copy(x, middle);
        sum.add(output.y(), middle);
        Norm.Result mlpNorm = layer.postAttentionNorm.forward(pass, middle);
        Linear.Result gate = layer.gate.forward(pass, mlpNorm.y());
        Linear.Result up = layer.up.forward(pass, mlpNorm.y());
        Tensor active = pass.zeros(x.rows(), layer.down.in());
        pass.kernels().activations().swiGlu(gate.y(), up.y(), active);
        Linear.Result down = layer.down.forward(pass, active);
        sum.copy(middle, y);
        sum.add(down.y(), y);
        return new Saved(norm, q, k, v, attended, output, mlpNorm, gate, up, down);
    }

    /** Turns the gradient of a layer's output into that of its input, in place. */
    private void backward(Pass pass, Layer layer, TokenBatch batch, Saved s, Tensor dx) {
        int rows = dx.rows();
        Tensor dActive = pass.zeros(rows, layer.down.in());
        layer.down.backward(pass, s.down(), dx, dActive);
        Tensor dGate = pass.zeros(rows, layer.gate.out());
        Tensor dUp = pass.zeros(rows, layer.up.out());
        pass.kernels().activations().swiGluBackward(s.gate().y(), s.up().y(), dActive, dGate, dUp);
        Tensor dMlpNorm = pass.zeros(rows, dx.cols());
        layer.gate.backward(pass, s.gate(), dGate, dMlpNorm);
        layer.up.backward(pass, s.up(), dUp, dMlpNorm);
        layer.postAttentionNorm.backward(pass, s.mlpNorm(), dMlpNorm, dx);
        Tensor dAttended = pass.zeros(rows, layer.output.in());
        layer.output.backward(pass, s.output(), dx, dAttended);
        Tensor dq = pass.zeros(rows, layer.query.out());
        Tensor dk = pass.zeros(rows, layer.key.out());
        Tensor dv = pass.zeros(rows, layer.value.out());
        attention.backward(pass, batch, s.attention(), dAttended, heads(dq), heads(dk), heads(dv));
        Tensor dNorm = pass.zeros(rows, dx.cols());
        layer.query.backward(pass, s.q(), dq, dNorm);
        layer.key.backward(pass, s.k(), dk, dNorm);
        layer.value.backward(pass, s.v(), dv, dNorm);
        layer.inputNorm.backward(pass, s.norm(), dNorm, dx);
    }

    private Heads heads(Tensor t) {
        return new Heads(t, 0, attention.shape().headDim());
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
                Llama.this.backward(pass, layers.get(i), batch, saved.get(i), dx);
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
