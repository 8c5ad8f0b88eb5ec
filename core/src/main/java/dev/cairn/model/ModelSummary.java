package dev.cairn.model;

import dev.cairn.format.Safetensors;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Attention;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model is and what it takes to run and to train it. Memory is an estimate in bytes of what
 * the whole process needs; docs/huggingface.md has it beside what was measured.
 *
 * @param attention heads of every layer
 * @param parameters numbers in all tensors that the model reads; a tied head counts once
 * @param dtypes how many of them the files hold in each format
 * @param weightBytes of these tensors, which stay mapped from the files
 * @param cacheBytesPerToken keys and values of a token
 * @param linearSizes for each linear layer an adapter can change, the sum of its two sizes
 * @param activationsPerToken floats a training step keeps of a token until its gradient is known
 */
public record ModelSummary(
        ModelConfig config,
        Attention.Shape attention,
        long parameters,
        Map<String, Long> dtypes,
        long weightBytes,
        long cacheBytesPerToken,
        long linearSizes,
        long activationsPerToken) {
    /** The JVM itself, its compiled code, a tokenizer and short-lived numbers. */
    private static final long JVM_BYTES = 400_000_000;

    /** The collector keeps a third of the heap for what is new, which a step's numbers are not. */
    private static final double HEAP_PER_LIVE_BYTE = 1.5;

    /** Of what is trained: the value, its gradient and AdamW's two moments. */
    private static final int COPIES_TRAINED = 4;

    public ModelSummary {
        dtypes = Collections.unmodifiableMap(new TreeMap<>(dtypes));
    }

    /**
     * Opens a model just far enough to know; every tensor's shape is checked on the way.
     *
     * @throws dev.cairn.CairnException when the model cannot be opened
     */
    public static ModelSummary of(Path directory) {
        CausalLm model = Models.open(directory);
        // A linear layer keeps its output and something of its input's size (a norm's result, an
        // activation); a layer of the model keeps two states between its halves on top.
        long linears = model.linears().stream().mapToLong(l -> l.in() + l.out()).sum();
        Map<String, Long> dtypes = new TreeMap<>();
        long bytes = 0;
        try (Safetensors file = Safetensors.open(directory)) {
            // Older checkpoints hold tensors besides that nobody reads.
            for (Parameter parameter : model.parameters()) {
                Safetensors.Entry entry = file.entry(parameter.name());
                dtypes.merge(entry.dtype().name(), entry.size(), Long::sum);
                bytes += entry.data().byteSize();
            }
        }
        return new ModelSummary(
                model.config(),
                model.attention(),
                model.parameters().stream().mapToLong(p -> size(p.value())).sum(),
                dtypes,
                bytes,
                model.newCache(Heads.BLOCK).byteSize() / Heads.BLOCK,
                linears,
                linears + 2L * model.config().numHiddenLayers() * model.config().hiddenSize());
    }

    private static long size(Tensor tensor) {
        return (long) tensor.rows() * tensor.cols();
    }

    /** Numbers in an adapter of one rank on every linear layer. */
    public long adapterSize(int r) {
        return r * linearSizes;
    }

    /** Memory to answer with so many tokens of prompt and answer together. */
    public long bytesToRun(int tokens) {
        return JVM_BYTES + weightBytes + tokens * cacheBytesPerToken;
    }

    /**
     * Memory to train an adapter.
     *
     * @param adapterSize numbers in the adapter
     * @param tokens in one forward pass
     */
    public long bytesToTrainAdapter(long adapterSize, long tokens) {
        return weightBytes + step(adapterSize, tokens);
    }

    /** Memory to train all weights, which are copied from the files. */
    public long bytesToTrain(long tokens) {
        return step(parameters, tokens);
    }

    private long step(long trained, long tokens) {
        long live = Float.BYTES * (COPIES_TRAINED * trained + tokens * activationsPerToken);
        return JVM_BYTES + (long) (HEAP_PER_LIVE_BYTE * live);
    }
}
