package dev.cairn.format;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.BoundedFiles;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code model.safetensors.index.json}: which shard of a model holds which tensor. */
record SafetensorsIndex(Path file, Map<String, Path> shardOfTensor) {
    static final String FILE_NAME = "model.safetensors.index.json";

    /** The indexes of the largest published models are below 10 MB. */
    private static final long MAX_BYTES = 100_000_000;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    static SafetensorsIndex read(Path file) {
        JsonNode map = readTree(file).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new CairnException(file + ": weight_map: expected tensor names and their shards");
        }
        Map<String, Path> shards = new TreeMap<>();
        Map<String, Path> tensors = new TreeMap<>();
        map.forEachEntry((tensor, shard) -> {
            if (!shard.isString()) {
                throw new CairnException(
                        "%s: weight_map: %s: expected a file name"
                                .formatted(file, SafetensorsHeader.quote(tensor)));
            }
            tensors.put(
                    tensor,
                    shards.computeIfAbsent(shard.stringValue(), name -> resolve(file, name)));
        });
        return new SafetensorsIndex(file, tensors);
    }

    private static JsonNode readTree(Path file) {
        try {
            return JSON.readTree(BoundedFiles.readString(file, MAX_BYTES));
        } catch (JacksonException e) {
            String what = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            throw new CairnException(file + ": not valid JSON: " + what, e);
        }
    }

    private static Path resolve(Path index, String name) {
        String where = index + ": weight_map: shard " + SafetensorsHeader.quote(name);
        try {
            Path directory = index.toAbsolutePath().getParent();
            if (directory == null || name.isEmpty() || !isInside(directory, Path.of(name))) {
                throw new CairnException(where + " lies outside the model's directory");
            }
            return index.resolveSibling(name);
        } catch (InvalidPathException e) {
            throw new CairnException(where + " is not a file name", e);
        } catch (IOException e) {
            throw new CairnException(where + ": cannot read: " + AtomicFiles.reason(e), e);
        }
    }

    /**
     * Whether a shard named by the index stays in the model's directory. The Hugging Face cache
     * keeps the actual files in {@code blobs}, next to {@code snapshots}, so links there are
     * allowed.
     */
    private static boolean isInside(Path directory, Path name) throws IOException {
        if (name.isAbsolute() || name.normalize().startsWith("..")) {
            return false;
        }
        Path real = directory.resolve(name).toRealPath();
        Path home = directory.toRealPath();
        if (real.startsWith(home)) {
            return true;
        }
        Path parent = home.getParent();
        return parent != null
                && parent.endsWith("snapshots")
                && real.startsWith(parent.resolveSibling("blobs"));
    }
}
