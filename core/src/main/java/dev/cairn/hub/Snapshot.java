package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of one commit in the cache: a folder of links to blobs.
 *
 * @param folder need not exist
 */
record Snapshot(Path folder) {
    /** Whether a file is there with its full size. */
    boolean has(HubFile file) {
        try {
            Path path = folder.resolve(file.name());
            Long size = file.size();
            return Files.isRegularFile(path) && (size == null || size == Files.size(path));
        } catch (IOException e) {
            return false;
        }
    }

    private boolean has(String name) {
        try {
            return Files.isRegularFile(folder.resolve(name));
        } catch (InvalidPathException e) {
            return false; // a shard's name, which may be any text
        }
    }

    /** The GGUF files that are there. */
    GgufFiles gguf() {
        if (!Files.isDirectory(folder)) {
            return GgufFiles.among(List.of());
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return GgufFiles.among(
                    files.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                            .toList());
        } catch (IOException e) {
            throw new CairnException(folder + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    /**
     * What an id means, if it is complete here and cannot be taken for something else: the folder,
     * or the first of a GGUF file's parts.
     */
    Optional<Path> complete(HubId id) {
        if (id.file() == null) {
            return missing().isEmpty() ? Optional.of(folder) : Optional.empty();
        }
        List<List<String>> found = gguf().certain(id.file());
        return found.size() == 1
                ? Optional.of(folder.resolve(found.getFirst().getFirst()))
                : Optional.empty();
    }

    /** Whether there is anything of a model in Hugging Face's layout, or of an adapter. */
    boolean hasModelFiles() {
        return has(Needs.CONFIG) || has(Needs.ADAPTER_CONFIG) || has(Needs.TOKENIZER);
    }

    boolean isAdapter() {
        return has(Needs.ADAPTER_CONFIG) && !has(Needs.CONFIG);
    }

    /** Names of the required files that are missing, as far as can be told without the hub. */
    List<String> missing() {
        List<String> needed = new ArrayList<>();
        if (has(Needs.ADAPTER_CONFIG)) {
            needed.add(Needs.ADAPTER);
        }
        if (!isAdapter()) {
            needed.add(Needs.CONFIG);
            needed.add(Needs.TOKENIZER);
            needed.addAll(weights());
        }
        needed.removeIf(this::has);
        return needed;
    }

    private List<String> weights() {
        if (has(Needs.WEIGHTS) || !has(Needs.INDEX)) {
            return List.of(Needs.WEIGHTS);
        }
        try {
            return List.copyOf(Needs.shards(folder.resolve(Needs.INDEX)));
        } catch (CairnException damaged) {
            return List.of(Needs.INDEX + " (damaged)");
        }
    }
}
