package dev.cairn.stack.config;

import dev.cairn.CairnException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the folder of a model or an adapter that a stack's YAML names. */
@FunctionalInterface
public interface ModelFinder {
    /** Takes every name for a path. */
    ModelFinder PATHS = (name, path) -> new Found(path, null);

    /**
     * A folder; it may turn out not to exist when it is opened.
     *
     * @param hubId {@code ORG/NAME} or {@code ORG/NAME@REVISION} when the name was an id on the
     *     hub; null when it was a path
     */
    record Found(Path directory, @Nullable String hubId) {}

    /**
     * Finds a folder.
     *
     * @param name as it stands in the YAML
     * @param path the same as a path, relative to the YAML file
     * @throws CairnException when it cannot be found
     */
    Found find(String name, Path path);

    /**
     * Finds a folder that a person or a program names; a path is relative to where the program
     * runs.
     *
     * @throws CairnException when it cannot be found, or cannot be the name of anything
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
