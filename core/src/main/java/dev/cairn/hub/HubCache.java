package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The cache in huggingface_hub's layout: the folder of a repository holds {@code blobs}, named by
 * their ETag; {@code snapshots/COMMIT}, folders of relative links to blobs; and {@code
 * refs/REVISION}, files that hold a commit.
 *
 * @param root need not exist
 */
record HubCache(Path root) {
    Path blobs(HubId id) {
        return root.resolve(id.folder()).resolve("blobs");
    }

    Snapshot snapshot(HubId id, String commit) {
        return new Snapshot(root.resolve(id.folder()).resolve("snapshots").resolve(commit));
    }

    /** The lock file; it lies beside those of huggingface_hub, which are of another kind. */
    Path lockFile(HubId id) {
        return root.resolve(".locks").resolve(id.folder()).resolve("cairn.lock");
    }

    private Path ref(HubId id) {
        return root.resolve(id.folder()).resolve("refs").resolve(id.revision());
    }

    /** The commit a revision points to, as far as the cache knows. */
    Optional<String> commit(HubId id) {
        if (id.isCommit()) {
            return Optional.of(id.revision());
        }
        Path ref = ref(id);
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(ref).strip()).filter(HubId::isCommit);
        } catch (IOException e) {
            throw new CairnException(ref + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    /** Records the commit a revision points to; a commit itself needs no record. */
    void remember(HubId id, String commit) {
        if (!commit(id).equals(Optional.of(commit))) {
            AtomicFiles.writeString(ref(id), commit);
        }
    }

    /** Puts a blob into a snapshot under its name in the repository. */
    void link(Snapshot snapshot, HubFile file, Path blob) {
        Path link = snapshot.folder().resolve(file.name());
        try {
            Path folder = Objects.requireNonNull(link.toAbsolutePath().getParent());
            Files.createDirectories(folder);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, folder.relativize(blob.toAbsolutePath()));
        } catch (IOException | UnsupportedOperationException e) {
            String reason =
                    e instanceof IOException io
                            ? AtomicFiles.reason(io)
                            : "the file system does not support symbolic links";
            throw new CairnException(link + ": cannot be created: " + reason, e);
        }
    }
}
