package dev.cairn.model;

import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.StoredModel;
import dev.cairn.model.weights.StoredTensor;
import dev.cairn.tensor.Attention;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model's size, and the memory needed to run and train it. Memory is an estimate in bytes for the
 * whole process; docs/huggingface.md compares it with measurements.
 *
 * @param attention attention shape of every layer
 * @param parameters number of values in all tensors that the model reads; a tied head counts once
 * @param dtypes how many of these values the files hold in each format
 * @param weightBytes size of these tensors, which stay mapped from the files
 * @param cacheBytesPerToken size of the keys and values of one token
 * @param linearSizes input size plus output size of each linear layer that an adapter can change
 * @param activationsPerToken floats that a training step keeps per token until the backward pass
 *     has used them
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
    /** The JVM itself, its compiled code, a tokenizer and short-lived values. */
    private static final long JVM_BYTES = 400_000_000;

    /**
     * The garbage collector reserves a third of the heap for young objects; a step's tensors are
     * old.
     */
    private static final double HEAP_PER_LIVE_BYTE = 1.5;

    /** Floats per trained value: the value, its gradient and AdamW's two moments. */
    private static final int COPIES_TRAINED = 4;

    public ModelSummary {
        dtypes = Collections.unmodifiableMap(new TreeMap<>(dtypes));
    }

    /**
     * Summarises a model; reads its configuration and checks every tensor's shape.
     *
     * @param path a Hugging Face directory or a GGUF file
     * @throws dev.cairn.CairnException when the model cannot be opened
     */
    public static ModelSummary of(Path path) {
        try (StoredModel stored = Models.stored(path)) {
            return of(stored, Models.of(stored));
        }
    }

    private static ModelSummary of(StoredModel stored, CausalLm model) {
        // A linear layer keeps its output and something the size of its input (a norm's result, an
        // activation); each layer of the model also keeps two hidden states between its halves.
        long linears = model.linears().stream().mapToLong(l -> l.in() + l.out()).sum();
        Map<String, Long> dtypes = new TreeMap<>();
        long bytes = 0;
        // Older checkpoints hold further tensors that the model never reads.
        for (Parameter parameter : model.parameters()) {
            StoredTensor tensor = stored.tensor(parameter.name());
            dtypes.merge(tensor.format(), tensor.size(), Long::sum);
            bytes += tensor.byteSize();
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

    /** Number of values in an adapter with rank {@code r} on every linear layer. */
    public long adapterSize(int r) {
        return r * linearSizes;
    }

    /** Bytes needed to generate, with {@code tokens} in prompt and answer together. */
    public long bytesToRun(int tokens) {
        return JVM_BYTES + weightBytes + tokens * cacheBytesPerToken;
    }

    /**
     * Bytes needed to train an adapter.
     *
     * @param adapterSize number of values in the adapter
     * @param tokens tokens in one forward pass
     */
    public long bytesToTrainAdapter(long adapterSize, long tokens) {
        return weightBytes + step(adapterSize, tokens);
    }

    /** Bytes needed to train all weights, which are copied from the files, with all replicas. */
    public long bytesToTrain(long tokens) {
        long gradients = Float.BYTES * parameters * (CausalLm.replicas(parameters) - 1);
        return step(parameters, tokens) + (long) (HEAP_PER_LIVE_BYTE * gradients);
    }

    private long step(long trained, long tokens) {
        long live = Float.BYTES * (COPIES_TRAINED * trained + tokens * activationsPerToken);
        return JVM_BYTES + (long) (HEAP_PER_LIVE_BYTE * live);
    }
}
