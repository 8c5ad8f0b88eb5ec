package dev.cairn.hub;

import java.util.List;

/**
 * What was removed from the cache, or would be.
 *
 * @param commits the commits whose files are gone
 * @param revisions branches and tags that the cache knows no longer
 * @param files names of the GGUF files of a model that was removed from a commit which stays
 * @param bytes what it frees on the disk
 * @param keptFor branches and tags that keep the commit of a removed one; then its files stay
 */
public record RemovedModel(
        List<String> commits,
        List<String> revisions,
        List<String> files,
        long bytes,
        List<String> keptFor) {
    public RemovedModel {
        commits = List.copyOf(commits);
        revisions = List.copyOf(revisions);
        files = List.copyOf(files);
        keptFor = List.copyOf(keptFor);
    }
}
