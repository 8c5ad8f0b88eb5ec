package dev.cairn.hub;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
