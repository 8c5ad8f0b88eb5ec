package dev.cairn.stack.config;

import dev.cairn.CairnException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds the folder or the GGUF file of a model, or the folder of an adapter, that a stack names.
 */
@FunctionalInterface
public interface ModelFinder {
    /** Treats every name as a path. */
    ModelFinder PATHS = (name, path) -> new Found(path, null);

    /**
     * What was found; its existence is only checked when it is opened.
     *
     * @param directory the folder, or a GGUF file
     * @param hubId {@code ORG/NAME[@REVISION][:FILE]} if the name was an id on the hub; null if it
     *     was a path
     */
    record Found(Path directory, @Nullable String hubId) {}

    /**
     * Finds a folder.
     *
     * @param name the name as written in the YAML
     * @param path the name as a path, relative to the YAML file
     * @throws CairnException if it cannot be found
     */
    Found find(String name, Path path);

    /**
     * Finds a folder named by a user or a program; a path is relative to the working directory.
     *
     * @throws CairnException if it cannot be found, or the name is not valid
     */
    default Found find(String name) {
        try {
            return find(name, Path.of(name));
        } catch (InvalidPathException e) {
            throw new CairnException(
                    "expected a path or an id on the hub, found '" + name + "'", e);
        }
    }
}
