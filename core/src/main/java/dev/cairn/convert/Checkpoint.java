package dev.cairn.convert;

import dev.cairn.format.DType;
import dev.cairn.format.Rows;
import dev.cairn.format.Safetensors;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ConfigJson;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.LoraPair;
import dev.cairn.model.Models;
import dev.cairn.model.weights.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model directory with an adapter fused in. Each number is computed when its row
 * is read; nothing is held in memory.
 */
public final class Checkpoint implements AutoCloseable {
    /** The name of the file that {@link #write} writes. */
    public static final String FILE_NAME = "model.safetensors";

    private static final String WEIGHT = ".weight";

    private final ConfigJson config;
    private final List<String> parameters;
    private final Safetensors file;
    private final @Nullable LoraAdapter adapter;

    private Checkpoint(
            ConfigJson config,
            List<String> parameters,
            Safetensors file,
            @Nullable LoraAdapter adapter) {
        this.config = config;
        this.parameters = parameters;
        this.file = file;
        this.adapter = adapter;
    }

    /**
     * Opens a model directory and, if given, an adapter for it.
     *
     * @param adapter a PEFT directory; null for the model as it is
     * @throws dev.cairn.CairnException when a file is missing or damaged, Cairn does not know the
     *     model's family, or the adapter does not fit the model
     */
    public static Checkpoint open(Path directory, @Nullable Path adapter) {
        CausalLm model = Models.open(directory);
        return new Checkpoint(
                ConfigJson.read(directory.resolve("config.json")),
                model.parameters().stream().map(Parameter::name).toList(),
                Models.tensors(directory),
                adapter == null ? null : LoraAdapter.open(adapter, model));
    }

    /** The dtype of the largest tensor, taken as that of the model. */
    public DType dtype() {
        return parameters.stream()
                .map(file::entry)
                .max(Comparator.comparingLong(Safetensors.Entry::size))
                .map(Safetensors.Entry::dtype)
                .orElse(DType.F32);
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

    /** A tensor with the adapter's update added, in the dtype of the base. */
    StoredTensor tensor(String name) {
        Safetensors.Entry entry = file.entry(name);
        LoraPair pair = pair(name);
        return new StoredTensor(
                name, entry.dtype(), entry.shape(), pair == null ? entry : fused(entry, pair));
    }

    /**
     * Writes the weights in the dtypes of the base as one file, whole or not at all; see {@link
     * #FILE_NAME}.
     */
    public void write(Path directory) {
        List<SafetensorsTensor> tensors = new ArrayList<>();
        for (String name : file.names()) {
            Safetensors.Entry entry = file.entry(name);
            DType dtype = entry.dtype();
            LoraPair pair = pair(name);
            tensors.add(
                    pair == null
                            ? SafetensorsTensor.raw(name, dtype, entry.data(), entry.shape())
                            : SafetensorsTensor.rows(
                                    name, dtype, fused(entry, pair), entry.shape()));
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
