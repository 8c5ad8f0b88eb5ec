package dev.cairn.convert;

import dev.cairn.CairnException;
import dev.cairn.format.DType;
import dev.cairn.format.GgmlType;
import dev.cairn.format.GgufTensor;
import dev.cairn.format.GgufValue;
import dev.cairn.format.GgufWriter;
import dev.cairn.format.Rows;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.LoraPair;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.gguf.AxisSwap;
import dev.cairn.model.gguf.GgufFamily;
import dev.cairn.model.gguf.GgufHeads;
import dev.cairn.model.weights.StoredTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a LoRA adapter as a GGUF file that llama.cpp loads with {@code --lora}.
 *
 * <p>llama.cpp scales every pair by one alpha divided by the pair's rank, and knows neither rsLoRA
 * nor alphas by pattern. Where an adapter's scale is another one, B is multiplied by the ratio, so
 * that the product stays the same.
 */
public final class GgufAdapter {
    private final ConfigJson config;
    private final LoraAdapter adapter;
    private final GgufFamily family;
    private final GgmlType type;

    private GgufAdapter(ConfigJson config, LoraAdapter adapter, GgmlType type) {
        this.config = config;
        this.adapter = adapter;
        this.type = type;
        this.family =
                GgufFamily.with(GgufFamily::modelType, config.text("model_type"))
                        .orElseThrow(() ->
                                config.wrong("model_type", "a family that GGUF export supports"));
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @param base the model that the adapter was trained on
     * @param adapter PEFT directory
     * @param type type of the matrices; not Q8_0, because a row is as short as a rank
     * @param name the adapter's name, for people and for the file
     * @param output a folder, or a file whose name ends with .gguf
     * @return the file
     * @throws CairnException when the file exists already, the adapter does not fit the base, the
     *     base's family cannot be exported, or a number cannot be represented in the type
     */
    public static Path write(Path base, Path adapter, ExportType type, String name, Path output) {
        GgmlType numbers =
                switch (type) {
                    case ORIGINAL, F32 -> GgmlType.F32;
                    case F16 -> GgmlType.F16;
                    case BF16 -> GgmlType.BF16;
                    case Q8_0 ->
                            throw new CairnException(
                                    "q8_0: an adapter's rows are too short for blocks; choose f32, f16 or bf16");
                };
        try (Checkpoint weights = Checkpoint.open(base, adapter)) {
            Path file = ExportedFile.of(output, name + "-lora", numbers);
            GgufAdapter export =
                    new GgufAdapter(
                            weights.config(), Objects.requireNonNull(weights.adapter()), numbers);
            GgufWriter.write(file, export.metadata(name), export.tensors());
            return file;
        }
    }

    private Map<String, GgufValue> metadata(String name) {
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", new GgufValue.Text(family.architecture()));
        metadata.put("general.type", new GgufValue.Text("adapter"));
        metadata.put("adapter.type", new GgufValue.Text("lora"));
        metadata.put("general.name", new GgufValue.Text(name));
        metadata.put("adapter.lora.alpha", new GgufValue.Float32((float) alpha()));
        return metadata;
    }

    private double alpha() {
        return adapter.config().loraAlpha();
    }

    private List<GgufTensor> tensors() {
        GgufHeads heads = GgufHeads.of(config);
        List<GgufTensor> tensors = new ArrayList<>();
        adapter.pairs()
                .forEach((module, pair) -> {
                    String target =
                            family.names()
                                    .toGguf(module + ".weight")
                                    .orElseThrow(() ->
                                            new CairnException(
                                                    module + ": GGUF has no name for this layer"));
                    tensors.add(
                            tensor(
                                    target + ".lora_a",
                                    stored(pair.rank(), pair.in(), pair.rowsOfA())));
                    StoredTensor b = stored(pair.out(), pair.rank(), pair.rowsOfB(ratio(pair)));
                    AxisSwap order = family.order(heads, target);
                    tensors.add(tensor(target + ".lora_b", order == null ? b : order.apply(b)));
                });
        return tensors;
    }

    /** The pair's scale relative to the alpha of the file divided by the pair's rank. */
    private double ratio(LoraPair pair) {
        return pair.scale() * pair.rank() / alpha();
    }

    private GgufTensor tensor(String name, StoredTensor values) {
        return new GgufTensor(name, type, values.shape(), values.rows());
    }

    private static StoredTensor stored(int rows, int cols, Rows values) {
        long[] shape = {rows, cols};
        long bytes = DType.F32.byteSize((long) rows * cols);
        return new StoredTensor("", DType.F32, shape, values, DType.F32.name(), bytes);
    }
}
