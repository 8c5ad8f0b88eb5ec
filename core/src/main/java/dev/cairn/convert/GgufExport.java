package dev.cairn.convert;

import dev.cairn.CairnException;
import dev.cairn.format.DType;
import dev.cairn.format.GgmlType;
import dev.cairn.format.GgufTensor;
import dev.cairn.format.GgufValue;
import dev.cairn.format.GgufWriter;
import dev.cairn.format.Rows;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.gguf.AxisSwap;
import dev.cairn.model.gguf.GgufFamily;
import dev.cairn.model.gguf.GgufHeads;
import dev.cairn.model.gguf.GgufMetadata;
import dev.cairn.model.weights.StoredTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a model as a GGUF file for llama.cpp, with the names, the order of rows and the types that
 * llama.cpp's own converter chooses (ggml-org/llama.cpp, {@code convert_hf_to_gguf.py}).
 */
public final class GgufExport {
    private static final String EMBEDDING = "token_embd.weight";
    private static final String HEAD = "output.weight";
    private static final Pattern LAYER = Pattern.compile("blk\\.([0-9]+)\\..*");

    /** {@code GGML_QUANT_VERSION}: the layout of quantised blocks. */
    private static final int QUANTIZATION_VERSION = 2;

    private final Checkpoint weights;
    private final ConfigJson config;
    private final GgufFamily family;
    private final @Nullable GgmlType type;
    private final List<GgufTensor> tensors = new ArrayList<>();
    private final List<String> fallbacks = new ArrayList<>();

    private GgufExport(Checkpoint weights, @Nullable GgmlType type) {
        this.weights = weights;
        this.config = weights.config();
        this.type = type;
        this.family =
                GgufFamily.with(GgufFamily::modelType, config.text("model_type"))
                        .orElseThrow(() ->
                                config.wrong("model_type", "a family that GGUF export supports"));
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @param type type of the matrices: F32, F16, BF16 or Q8_0; null keeps each one's own; vectors
     *     are always F32
     * @param name the model's name, for people
     * @param tokenizer the tokenizer's metadata
     * @return names of the matrices that became F16 because their row length is not a multiple of
     *     the type's block
     * @throws CairnException when the model's family cannot be exported, or a number cannot be
     *     represented in the type
     */
    public static List<String> write(
            Path file,
            Checkpoint weights,
            @Nullable GgmlType type,
            String name,
            Map<String, GgufValue> tokenizer) {
        GgufExport export = new GgufExport(weights, type);
        Map<String, GgufValue> metadata = export.metadata(name);
        metadata.putAll(tokenizer);
        export.collect();
        export.tensors.sort(Comparator.comparingInt(tensor -> place(tensor.name())));
        GgufWriter.write(file, metadata, export.tensors);
        return export.fallbacks;
    }

    /** The type given for a whole file: that of the largest tensor. */
    public static GgmlType fileType(Checkpoint weights, @Nullable GgmlType type) {
        return type != null ? type : own(weights.dtype());
    }

    private static GgmlType own(DType dtype) {
        return switch (dtype) {
            case F16 -> GgmlType.F16;
            case BF16 -> GgmlType.BF16;
            default -> GgmlType.F32;
        };
    }

    private Map<String, GgufValue> metadata(String name) {
        GgufMetadata metadata = new GgufMetadata(family.architecture());
        metadata.general("general.architecture", new GgufValue.Text(family.architecture()));
        metadata.general("general.type", new GgufValue.Text("model"));
        metadata.general("general.name", new GgufValue.Text(name));
        metadata.general("general.file_type", new GgufValue.Uint32(fileType()));
        metadata.general(
                "general.quantization_version", new GgufValue.Uint32(QUANTIZATION_VERSION));
        metadata.whole("vocab_size", config.positive("vocab_size"));
        metadata.whole("context_length", config.positive("max_position_embeddings"));
        metadata.whole("embedding_length", config.positive("hidden_size"));
        metadata.whole("block_count", config.positive("num_hidden_layers"));
        metadata.whole("feed_forward_length", config.positive("intermediate_size"));
        metadata.whole("attention.head_count", config.positive("num_attention_heads"));
        family.describe(config, metadata);
        return metadata.values();
    }

    /** llama.cpp's {@code llama_ftype}. */
    private int fileType() {
        return switch (fileType(weights, type)) {
            case F32 -> 0;
            case F16 -> 1;
            case Q8_0 -> 7;
            case BF16 -> 32;
            default -> throw new IllegalArgumentException(String.valueOf(type));
        };
    }

    private void collect() {
        GgufHeads heads = GgufHeads.of(config);
        boolean hasHead =
                weights.parameters().stream()
                        .flatMap(name -> family.names().toGguf(name).stream())
                        .anyMatch(HEAD::equals);
        for (String name : weights.parameters()) {
            StoredTensor tensor = weights.tensor(name);
            String target =
                    family.names()
                            .toGguf(name)
                            .orElseThrow(() -> new IllegalStateException("no name for " + name));
            AxisSwap order = family.order(heads, target);
            StoredTensor ordered = order == null ? tensor : order.apply(tensor);
            add(target, ordered.plus(family.addedByGguf(target)));
            if (target.equals(EMBEDDING) && !hasHead && family.needsHead()) {
                add(HEAD, tensor);
            }
        }
        for (GgufFamily.Extra extra : family.extras(config)) {
            Rows rows = (row, into) -> System.arraycopy(extra.values(), 0, into, 0, into.length);
            long[] shape = {extra.values().length};
            tensors.add(new GgufTensor(extra.name(), GgmlType.F32, shape, rows));
        }
    }

    private void add(String name, StoredTensor tensor) {
        tensors.add(new GgufTensor(name, type(name, tensor), tensor.shape(), tensor.rows()));
    }

    private GgmlType type(String name, StoredTensor tensor) {
        if (tensor.shape().length < 2) {
            return GgmlType.F32;
        }
        if (type == null) {
            return own(tensor.dtype());
        }
        if (tensor.columns() % type.blockSize() != 0) {
            fallbacks.add(name);
            return GgmlType.F16;
        }
        return type;
    }

    /** The sort key of a tensor: the embedding first, then the layers, then what follows them. */
    private static int place(String name) {
        Matcher layer = LAYER.matcher(name);
        if (layer.matches()) {
            return Integer.parseInt(layer.group(1));
        }
        return name.startsWith("output") ? Integer.MAX_VALUE : -1;
    }
}
