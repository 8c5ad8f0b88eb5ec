package dev.cairn.model.gguf;

import dev.cairn.CairnException;
import dev.cairn.format.DType;
import dev.cairn.format.Gguf;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.weights.StoredModel;
import dev.cairn.model.weights.StoredTensor;
import dev.cairn.model.weights.Weights;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A GGUF file as a model: its metadata as the config.json that Hugging Face would have, its tensors
 * with Hugging Face's names and order of rows. Everything above works as with a Hugging Face
 * directory.
 */
public final class GgufModel implements StoredModel {
    private final Gguf file;
    private final GgufFamily family;
    private final GgufHeads heads;
    private final GgufConfig config;

    /** The tensors by Hugging Face's names. */
    private final Map<String, Gguf.Entry> entries = new TreeMap<>();

    private GgufModel(Gguf file) {
        this.file = file;
        this.family = GgufFamily.of(file);
        GgufKeys keys = new GgufKeys(file, family.architecture());
        this.config = GgufConfig.of(file, family, keys);
        this.heads = GgufHeads.of(keys);
        keys.refuseOthers();
        for (String name : file.names()) {
            if (!family.isExtra(name)) {
                Gguf.Entry entry = file.entry(name);
                entries.put(hugging(name, entry), checked(entry));
            }
        }
        file.closeMetadata();
    }

    private String hugging(String name, Gguf.Entry entry) {
        return family.names()
                .fromGguf(name)
                .orElseThrow(() ->
                        entry.error(
                                "does not belong to a %s model".formatted(family.architecture())));
    }

    private Gguf.Entry checked(Gguf.Entry entry) {
        AxisSwap order = order(entry);
        long rows = entry.shape().length == 0 ? 1 : entry.shape()[0];
        if (order != null && rows % order.size() != 0) {
            throw entry.error(
                    "expected a multiple of %d rows, found %d".formatted(order.size(), rows));
        }
        return entry.requireReadable();
    }

    /**
     * Opens a model.
     *
     * @param path the file, or any of the parts of one
     * @throws CairnException naming the file and the key or tensor when the file is damaged, or
     *     holds something that Cairn does not know
     */
    public static GgufModel open(Path path) {
        Gguf file = Gguf.open(path);
        try {
            return new GgufModel(file);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    @Override
    public ConfigJson config() {
        return config.merged(file.file());
    }

    /** The content of config.json, as {@code cairn import} writes it. */
    public ObjectNode configJson() {
        return config.config();
    }

    /** The content of generation_config.json. */
    public ObjectNode generationConfigJson() {
        return config.generation();
    }

    @Override
    public Weights weights() {
        return new GgufWeights(this);
    }

    @Override
    public boolean isQuantized() {
        return entries.values().stream().anyMatch(entry -> entry.type().blocks().isPresent());
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** The entry with a tensor's name in Hugging Face's files. */
    Gguf.Entry entry(String name) {
        Gguf.Entry entry = entries.get(name);
        if (entry == null) {
            throw new CairnException(
                    "%s: no tensor '%s'; it does not hold a complete model, fetch it again"
                            .formatted(file.file(), family.names().toGguf(name).orElse(name)));
        }
        return entry;
    }

    /** How a tensor's rows are to be reordered; null when they stay. */
    @Nullable AxisSwap order(Gguf.Entry entry) {
        AxisSwap order = family.order(heads, entry.name());
        return order == null ? null : order.inverse();
    }

    @Override
    public StoredTensor tensor(String name) {
        Gguf.Entry entry = entry(name);
        StoredTensor tensor =
                new StoredTensor(
                        name,
                        GgufConfig.dtype(entry),
                        entry.shape(),
                        entry,
                        entry.type().name(),
                        entry.data().byteSize());
        AxisSwap order = order(entry);
        StoredTensor ordered = order == null ? tensor : order.apply(tensor);
        return ordered.plus(-family.addedByGguf(entry.name()));
    }

    @Override
    public SafetensorsTensor copy(String name) {
        StoredTensor tensor = tensor(name);
        DType dtype = tensor.dtype();
        return SafetensorsTensor.rows(name, dtype, tensor.rows(), tensor.shape());
    }

    @Override
    public void refuseUnused(Collection<String> used) {
        for (Map.Entry<String, Gguf.Entry> tensor : entries.entrySet()) {
            if (!used.contains(tensor.getKey())) {
                throw tensor.getValue()
                        .error(
                                "is not part of a %s model with these settings"
                                        .formatted(family.architecture()));
            }
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
