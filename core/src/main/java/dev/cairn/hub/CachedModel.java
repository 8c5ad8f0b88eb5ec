package dev.cairn.hub;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model, or an adapter, in the cache at one commit.
 *
 * @param id {@code ORG/NAME}
 * @param commit null when nothing but the beginning of a download is there
 * @param revisions branches and tags that stand for the commit here; may be none
 * @param bytes on disk; when it is not complete with what an interrupted download left
 * @param modified when the newest of its files was written
 * @param isAdapter whether it is a LoRA adapter
 * @param missing names of files without which Cairn cannot use it
 */
public record CachedModel(
        String id,
        @Nullable String commit,
        List<String> revisions,
        long bytes,
        Instant modified,
        boolean isAdapter,
        List<String> missing) {
    public CachedModel {
        revisions = List.copyOf(revisions);
        missing = List.copyOf(missing);
    }
}
