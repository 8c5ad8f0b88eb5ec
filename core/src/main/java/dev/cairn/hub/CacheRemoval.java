package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Removes a model, or one revision of it, from the cache. First the names of revisions go, then
 * links, then blobs: whatever interrupts it, what remains is either whole or downloaded again.
 *
 * @param isDry whether nothing is really removed
 */
record CacheRemoval(HubCache cache, HubId id, boolean isDry) {
    /** Removes the model with all its revisions, and what an interrupted download left. */
    RemovedModel all() {
        Path repository = repository();
        try {
            List<String> commits = names(entries(repository.resolve("snapshots")));
            List<String> revisions = List.copyOf(refs().keySet());
            List<Path> everything = new ArrayList<>(below(repository.resolve("refs")));
            everything.addAll(below(repository.resolve("snapshots")));
            everything.addAll(below(repository));
            long bytes = delete(everything);
            return new RemovedModel(commits, revisions, bytes, List.of());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Removes the revision, and its commit with all blobs that no other commit needs. */
    RemovedModel revision() {
        Path repository = repository();
        try {
            String commit =
                    cache.commit(id)
                            .filter(name -> Files.isDirectory(cache.snapshot(id, name).folder()))
                            .orElseThrow(this::missing);
            Map<String, String> refs = refs();
            List<String> revisions =
                    id.isCommit()
                            ? refs.keySet().stream()
                                    .filter(ref -> commit.equals(refs.get(ref)))
                                    .toList()
                            : List.of(id.revision());
            List<String> others =
                    refs.keySet().stream()
                            .filter(ref -> commit.equals(refs.get(ref)))
                            .filter(ref -> !revisions.contains(ref))
                            .toList();
            long bytes =
                    delete(revisions.stream().map(repository.resolve("refs")::resolve).toList());
            if (!others.isEmpty()) {
                return new RemovedModel(List.of(), revisions, bytes, others);
            }
            bytes += delete(below(cache.snapshot(id, commit).folder()));
            bytes += delete(unneeded(repository, commit));
            return new RemovedModel(List.of(commit), revisions, bytes, List.of());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * @throws CairnException if there is nothing to remove, so that nothing is locked for it either
     */
    void requirePresent() {
        repository();
    }

    private Path repository() {
        Path repository = cache.root().resolve(id.folder());
        if (Files.isSymbolicLink(repository)) {
            throw new CairnException(
                    "%s: is a link, so what it stands for is not Cairn's to remove; remove it by hand"
                            .formatted(repository));
        }
        if (!Files.isDirectory(repository)) {
            throw missing();
        }
        return repository;
    }

    private CairnException missing() {
        return new CairnException(
                "%s: is not in %s; cairn list shows what is".formatted(id, cache.root()));
    }

    private CairnException failed(IOException e) {
        return new CairnException(
                "%s: cannot be removed from %s: %s"
                        .formatted(id.repository(), cache.root(), AtomicFiles.reason(e)),
                e);
    }

    /** The commits by branch and tag. */
    private Map<String, String> refs() throws IOException {
        Path folder = cache.root().resolve(id.folder()).resolve("refs");
        Map<String, String> refs = new TreeMap<>();
        for (Path ref : below(folder)) {
            if (Files.isRegularFile(ref)) {
                refs.put(
                        folder.relativize(ref).toString().replace('\\', '/'),
                        Files.readString(ref).strip());
            }
        }
        return refs;
    }

    /** The blobs that only this commit's links point to. */
    private List<Path> unneeded(Path repository, String commit) throws IOException {
        Set<Path> needed = new HashSet<>();
        for (Path snapshot : entries(repository.resolve("snapshots"))) {
            if (!snapshot.endsWith(commit)) {
                for (Path file : below(snapshot)) {
                    needed.add(target(file));
                }
            }
        }
        List<Path> unneeded = new ArrayList<>();
        for (Path blob : entries(repository.resolve("blobs"))) {
            boolean isUnfinished = blob.toString().endsWith("incomplete");
            if (!isUnfinished && !needed.contains(blob.toAbsolutePath().normalize())) {
                unneeded.add(blob);
            }
        }
        return unneeded;
    }

    /** Where a link points to, also if nothing is there; other files are their own target. */
    private static Path target(Path file) throws IOException {
        Path target =
                Files.isSymbolicLink(file)
                        ? file.resolveSibling(Files.readSymbolicLink(file))
                        : file;
        return target.toAbsolutePath().normalize();
    }

    private static List<String> names(List<Path> paths) {
        return paths.stream().map(path -> String.valueOf(path.getFileName())).toList();
    }

    private static List<Path> entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    /** A folder with everything in it, links not followed, each entry before its folder. */
    private static List<Path> below(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> entries = new ArrayList<>(walk.sorted().toList());
            Collections.reverse(entries);
            return entries;
        }
    }

    /** Deletes the paths in this order; returns the bytes of the files among them. */
    private long delete(List<Path> paths) throws IOException {
        long bytes = 0;
        for (Path path : new LinkedHashSet<>(paths)) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                bytes +=
                        Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Files.size(path) : 0;
                if (!isDry) {
                    Files.delete(path);
                }
            }
        }
        return bytes;
    }
}
