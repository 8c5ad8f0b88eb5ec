package dev.cairn.convert;

import dev.cairn.format.DType;
import dev.cairn.format.Rows;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.LoraPair;
import dev.cairn.model.Models;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.StoredModel;
import dev.cairn.model.weights.StoredTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model with an adapter fused in. Each number is computed when its row is read;
 * nothing is held in memory.
 */
public final class Checkpoint implements AutoCloseable {
    /** The name of the file that {@link #write} writes. */
    public static final String FILE_NAME = "model.safetensors";

    private static final String WEIGHT = ".weight";

    private final ConfigJson config;
    private final List<String> parameters;
    private final StoredModel file;
    private final @Nullable LoraAdapter adapter;

    private Checkpoint(
            ConfigJson config,
            List<String> parameters,
            StoredModel file,
            @Nullable LoraAdapter adapter) {
        this.config = config;
        this.parameters = parameters;
        this.file = file;
        this.adapter = adapter;
    }

    /**
     * Opens a model and, if given, an adapter for it.
     *
     * @param base a Hugging Face directory or a GGUF file
     * @param adapter a PEFT directory; null for the model as it is
     * @throws dev.cairn.CairnException when a file is missing or damaged, Cairn does not know the
     *     model's family, or the adapter does not fit the model
     */
    public static Checkpoint open(Path base, @Nullable Path adapter) {
        StoredModel file = Models.stored(base);
        try {
            CausalLm model = Models.of(file);
            return new Checkpoint(
                    file.config(),
                    model.parameters().stream().map(Parameter::name).toList(),
                    file,
                    adapter == null ? null : LoraAdapter.open(adapter, model));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** The dtype of the largest tensor, taken as that of the model. */
    public DType dtype() {
        return parameters.stream()
                .map(file::tensor)
                .max(Comparator.comparingLong(StoredTensor::size))
                .map(StoredTensor::dtype)
                .orElse(DType.F32);
    }

    /** The adapter; null for the model as it is. */
    @Nullable LoraAdapter adapter() {
        return adapter;
    }

    /** The number of rows of the embedding. */
    public int vocabSize() {
        return config.positive("vocab_size");
    }

    /** The context window in tokens. */
    public int maxPositions() {
        return config.positive("max_position_embeddings");
    }

    ConfigJson config() {
        return config;
    }

    /** The names of the tensors that the model is made of, in order; files may hold more. */
    List<String> parameters() {
        return parameters;
    }

    /** A tensor with the adapter's update added. */
    StoredTensor tensor(String name) {
        StoredTensor tensor = file.tensor(name);
        LoraPair pair = pair(name);
        return pair == null ? tensor : tensor.with(fused(tensor.rows(), pair));
    }

    /**
     * Writes the weights as one file, whole or not at all; see {@link #FILE_NAME}. Each tensor
     * keeps its dtype; a GGUF file's blocks become F32, which keeps every number.
     */
    public void write(Path directory) {
        List<SafetensorsTensor> tensors = new ArrayList<>();
        for (String name : file.names()) {
            if (pair(name) == null) {
                tensors.add(file.copy(name));
            } else {
                StoredTensor tensor = tensor(name);
                tensors.add(
                        SafetensorsTensor.rows(
                                name, tensor.dtype(), tensor.rows(), tensor.shape()));
            }
        }
        SafetensorsWriter.write(directory.resolve(FILE_NAME), Map.of("format", "pt"), tensors);
    }

    private @Nullable LoraPair pair(String name) {
        return adapter == null || !name.endsWith(WEIGHT)
                ? null
                : adapter.pair(name.substring(0, name.length() - WEIGHT.length()));
    }

    private static Rows fused(Rows base, LoraPair pair) {
        LoraPair.Update update = pair.update();
        return (row, into) -> {
            base.read(row, into);
            update.addTo(row, into);
        };
    }

    /** Unmaps the files; tensors handed out earlier can no longer be read. */
    @Override
    public void close() {
        file.close();
    }
}
