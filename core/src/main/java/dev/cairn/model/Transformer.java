package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.SharedWeights;
import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transformer of any architecture: an embedding, a sequence of layers, a final norm and a head.
 *
 * @param architecture what it was built by
 * @param attention shape of the first layer's attention; the others have the same heads, which is
 *     what the cache needs
 * @param parameters all weights, in order
 */
record Transformer(
        Architecture architecture,
        ModelConfig config,
        Kernels kernels,
        Shape attention,
        Embedding embedding,
        List<? extends Layer> layers,
        Norm finalNorm,
        Linear head,
        List<Parameter> parameters,
        BufferPool bufferPool)
        implements CausalLm {

    /** One layer of an architecture. */
    interface Layer {
        /**
         * Computes the layer.
         *
         * @param index index of the layer, in the cache too
         * @param x input {@code [T, hidden]}; not modified
         * @param rows the rows of the output that are needed; null for all
         * @param y output {@code [T, hidden]}, or only the needed rows of it
         * @param caches one for each span of the batch; empty in training
         * @return the backward pass; it and the tensors it keeps may be discarded
         */
        Backward forward(
                ForwardContext pass,
                TokenBatch batch,
                int index,
                Tensor x,
                int @Nullable [] rows,
                Tensor y,
                List<KvCache> caches);

        /** Its linear layers, in order. */
        List<Linear> linears();
    }

    /**
     * The backward pass of one layer.
     *
     * @param kept all tensors it reads except the layer's input
     */
    record Backward(List<Tensor> kept, Way way) {}

    /** Computes the backward pass of one layer. */
    @FunctionalInterface
    interface Way {
        /**
         * Adds the gradients to the layer's trained weights.
         *
         * @param dy gradient of the layer's output, or of its needed rows; may be overwritten
         * @param wantsInput whether anything before this layer is trained; if not, the return value
         *     is undefined
         * @return gradient of the layer's input
         */
        Tensor backward(Tensor dy, boolean wantsInput);
    }

    @Override
    public void lookBack(int heads) {
        if (!(architecture instanceof GptNeoXConfig neox)) {
            throw new CairnException(
                    "previous_token_heads: expected model_type gpt_neox, whose queries and keys have biases in one row");
        }
        PreviousTokenHeads.write(neox, this, heads);
    }

    @Override
    public CausalLm replica() {
        return architecture.assemble(new SharedWeights(parameters, kernels), kernels);
    }

    @Override
    public Forward forwardAll(ForwardContext pass, TokenBatch batch, List<KvCache> caches) {
        batch.check(config);
        List<Backward> backs = new ArrayList<>();
        Tensor x = embedding.forward(pass, batch.ids());
        reserve(batch, caches);
        boolean requiresGrad = pass.requiresGrad() && caches.isEmpty();
        Tensor spare = pass.blank(x.rows(), x.cols());
        for (int i = 0; i < layers.size(); i++) {
            int[] rows = i == layers.size() - 1 ? batch.wanted() : null;
            Tensor y =
                    rows != null
                            ? pass.blank(rows.length, x.cols())
                            : requiresGrad ? pass.blank(x.rows(), x.cols()) : spare;
            try (Workspace.Frame frame = pass.frame()) {
                Backward back = layers.get(i).forward(pass, batch, i, x, rows, y, caches);
                if (requiresGrad) {
                    Backward late = pass.recomputes() ? again(pass, batch, i, x, rows) : back;
                    frame.keep(late.kept());
                    backs.add(late);
                }
            }
            spare = x;
            x = y;
        }
        for (int i = 0; i < caches.size(); i++) {
            caches.get(i).advance(batch.spans().get(i).queryCount());
        }
        return new Walk(pass, batch, backs, finalNorm.forward(pass, x));
    }

    /** A backward pass that keeps nothing but the layer's input, and computes the layer again. */
    private Backward again(
            ForwardContext pass, TokenBatch batch, int index, Tensor x, int @Nullable [] rows) {
        return new Backward(
                List.of(),
                (dy, wantsInput) -> {
                    Tensor y = pass.blank(dy.rows(), dy.cols());
                    return layers.get(index)
                            .forward(pass, batch, index, x, rows, y, List.of())
                            .way()
                            .backward(dy, wantsInput);
                });
    }

    private static void reserve(TokenBatch batch, List<KvCache> caches) {
        if (!caches.isEmpty() && caches.size() != batch.spans().size()) {
            throw new IllegalArgumentException(
                    "caches: expected one for each of %d sequences, found %d"
                            .formatted(batch.spans().size(), caches.size()));
        }
        for (int i = 0; i < caches.size(); i++) {
            caches.get(i).reserve(batch.spans().get(i));
        }
    }

    /** Copies some rows of a tensor; null returns the tensor itself. */
    static Tensor rows(ForwardContext pass, Tensor x, int @Nullable [] rows) {
        if (rows == null) {
            return x;
        }
        Tensor some = pass.blank(rows.length, x.cols());
        pass.kernels().elementwise().gather(x, rows, some);
        return some;
    }

    /** The gradient of {@link #rows}: {@code count} rows, zero except for the given ones. */
    static Tensor rowsBackward(
            ForwardContext pass, Tensor dSome, int @Nullable [] rows, int count) {
        if (rows == null) {
            return dSome;
        }
        Tensor dx = pass.zeros(count, dSome.cols());
        pass.kernels().elementwise().scatterAdd(dSome, rows, dx);
        return dx;
    }

    private final class Walk implements Forward {
        private final ForwardContext pass;
        private final TokenBatch batch;
        private final List<Backward> backs;
        private final Norm.Result last;

        Walk(ForwardContext pass, TokenBatch batch, List<Backward> backs, Norm.Result last) {
            this.pass = pass;
            this.batch = batch;
            this.backs = backs;
            this.last = last;
        }

        @Override
        public Tensor hidden() {
            return last.y();
        }

        @Override
        public void backward(Tensor dHidden) {
            if (backs.size() != layers.size()) {
                throw new IllegalStateException(
                        "this forward pass kept nothing for a backward pass");
            }
            Tensor dx = pass.zeros(dHidden.rows(), dHidden.cols());
            finalNorm.backward(pass, last, dHidden, dx);
            for (int i = backs.size() - 1; i >= 0; i--) {
                boolean wantsInput = i > 0 || embedding.weight().isTrained();
                try (Workspace.Frame frame = pass.frame()) {
                    dx = backs.get(i).way().backward(dx, wantsInput);
                    frame.keep(List.of(dx));
                }
            }
            embedding.backward(pass, batch.ids(), dx);
        }
    }

    @Override
    public List<Linear> linears() {
        return layers.stream().flatMap(layer -> layer.linears().stream()).toList();
    }

    @Override
    public KvCache newCache(int capacity) {
        return new KvCache(
                kernels, layers.size(), attention.kvHeads(), attention.headDim(), capacity);
    }

    @Override
    public long cacheBytes(int capacity) {
        return KvCache.byteSize(layers.size(), attention.kvHeads(), attention.headDim(), capacity);
    }
}
