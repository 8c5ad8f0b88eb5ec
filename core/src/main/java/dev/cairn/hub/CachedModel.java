package dev.cairn.hub;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model, a GGUF file or an adapter in the cache at one commit.
 *
 * @param id {@code ORG/NAME}
 * @param file the GGUF file that this model is, the first of several parts; null for a model in
 *     Hugging Face's layout or an adapter
 * @param commit null when there is only the start of a download
 * @param revisions branches and tags that point to the commit in this cache; may be empty
 * @param bytes size on disk; for an incomplete model including what an interrupted download left
 * @param modified when the newest of its files was written
 * @param isAdapter whether it is a LoRA adapter
 * @param missing names of the missing files that Cairn needs to use it
 */
public record CachedModel(
        String id,
        @Nullable String file,
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
