package dev.cairn.stack.engine;

import dev.cairn.model.LoraAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of an opened adapter's weights. It is computed on first use, because the first answer
 * does not need it and a fresh JVM takes a tenth of a second per megabyte.
 */
public final class AdapterDigest {
    /** Replaces the digest if there is no adapter. */
    private static final String NONE = "none";

    /** Replaces the digest if the weights on disk are no longer those that were opened. */
    private static final String CHANGED = "unknown: the file was changed after it was opened";

    /** The file state from which a rewrite is detected. */
    private record State(FileTime modified, long size) {}

    private final @Nullable Path directory;
    private final @Nullable State opened;
    private @Nullable String known;

    /**
     * @param directory directory of an adapter that is about to be opened; null for none
     */
    AdapterDigest(@Nullable Path directory) {
        this.directory = directory;
        this.opened = directory == null ? null : state(directory);
        this.known = directory == null ? NONE : null;
    }

    /** The digest in hex, or a text that says why there is none. */
    public synchronized String hex() {
        if (known == null) {
            known = compute();
        }
        return known;
    }

    private String compute() {
        if (directory == null) {
            return NONE;
        }
        String digest = LoraAdapter.exists(directory) ? LoraAdapter.digest(directory) : CHANGED;
        State now = state(directory);
        return now != null && now.equals(opened) ? digest : CHANGED;
    }

    private static @Nullable State state(Path directory) {
        try {
            var attributes =
                    Files.readAttributes(
                            LoraAdapter.weightsFile(directory), BasicFileAttributes.class);
            return new State(attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            return null;
        }
    }
}
