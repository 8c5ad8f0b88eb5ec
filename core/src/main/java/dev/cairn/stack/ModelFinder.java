package dev.cairn.stack;

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
     * @throws dev.cairn.CairnException when it cannot be found
     */
    Found find(String name, Path path);
}
