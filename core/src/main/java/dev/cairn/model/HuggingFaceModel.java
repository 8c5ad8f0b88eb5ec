package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.format.Safetensors;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.weights.StoredModel;
import dev.cairn.model.weights.StoredTensor;
import dev.cairn.model.weights.StoredWeights;
import dev.cairn.model.weights.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;

/** A model in Hugging Face's layout: a directory with config.json and safetensors files. */
record HuggingFaceModel(ConfigJson config, Safetensors file) implements StoredModel {
    /**
     * Opens a directory.
     *
     * @throws CairnException when it is none, or a file is missing or damaged
     */
    static HuggingFaceModel open(Path directory) {
        ConfigJson config = config(directory);
        Architecture architecture = Models.architecture(config);
        Safetensors file = Safetensors.open(directory);
        nameShared(file, architecture);
        return new HuggingFaceModel(config, file);
    }

    /** A matrix that head and embedding share may be stored under the head's name alone. */
    private static void nameShared(Safetensors file, Architecture architecture) {
        String embedding = architecture.embeddingName() + ".weight";
        String head = architecture.headName() + ".weight";
        if (architecture.isTied()
                && file.names().contains(head)
                && !file.names().contains(embedding)) {
            file.rename(head, embedding);
        }
    }

    private static ConfigJson config(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new CairnException(
                    directory
                            + ": no such model directory or GGUF file; check the path of the model");
        }
        Path file = directory.resolve("config.json");
        if (!Files.exists(file) && Files.exists(directory.resolve(PeftConfig.FILE_NAME))) {
            throw new CairnException(
                    directory
                            + ": expected a model, found an adapter; give its base instead, or merge both with cairn fuse");
        }
        ConfigJson json = ConfigJson.read(file);
        Path generation = directory.resolve("generation_config.json");
        // Chat models list every token that ends a turn in this file; config.json may not.
        return Files.exists(generation)
                ? json.with("eos_token_id", ConfigJson.read(generation))
                : json;
    }

    @Override
    public Weights weights() {
        return new StoredWeights(file);
    }

    @Override
    public boolean isQuantized() {
        return false;
    }

    @Override
    public Set<String> names() {
        return file.names();
    }

    @Override
    public StoredTensor tensor(String name) {
        Safetensors.Entry entry = file.entry(name);
        return new StoredTensor(
                name,
                entry.dtype(),
                entry.shape(),
                entry,
                entry.dtype().name(),
                entry.data().byteSize());
    }

    @Override
    public SafetensorsTensor copy(String name) {
        Safetensors.Entry entry = file.entry(name);
        return SafetensorsTensor.raw(name, entry.dtype(), entry.data(), entry.shape());
    }

    /** Older checkpoints hold further tensors that no model reads, such as attention masks. */
    @Override
    public void refuseUnused(Collection<String> used) {}

    @Override
    public void close() {
        file.close();
    }
}
