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
 * Removes a model, or one revision or one GGUF file of it, from the cache. First the names of
 * revisions go, then links, then blobs: whatever interrupts it, what remains is either whole or
 * downloaded again.
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
            return new RemovedModel(commits, revisions, List.of(), bytes, List.of());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Removes the GGUF file that the id means, with all its parts and the blobs that nothing else
     * needs; the whole revision if it holds no other file.
     */
    RemovedModel file() {
        Path repository = repository();
        try {
            Path snapshot = cache.snapshot(id, commit()).folder();
            List<String> names =
                    below(snapshot).stream()
                            .filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                            .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
                            .toList();
            List<String> files = GgufFiles.among(names).select(id);
            if (files.size() == names.size()) {
                return revision();
            }
            List<Path> links = files.stream().map(snapshot::resolve).toList();
            List<Path> blobs = unneeded(repository, Set.copyOf(links));
            long bytes = delete(links) + delete(blobs);
            return new RemovedModel(List.of(), List.of(), files, bytes, List.of());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private String commit() {
        return cache.commit(id)
                .filter(name -> Files.isDirectory(cache.snapshot(id, name).folder()))
                .orElseThrow(this::missing);
    }

    /** Removes the revision, and its commit with all blobs that no other commit needs. */
    RemovedModel revision() {
        Path repository = repository();
        try {
            String commit = commit();
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
                return new RemovedModel(List.of(), revisions, List.of(), bytes, others);
            }
            List<Path> links = below(cache.snapshot(id, commit).folder());
            List<Path> blobs = unneeded(repository, Set.copyOf(links));
            bytes += delete(links) + delete(blobs);
            return new RemovedModel(List.of(commit), revisions, List.of(), bytes, List.of());
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

    /** The blobs that no other link than these points to. */
    private static List<Path> unneeded(Path repository, Set<Path> links) throws IOException {
        Set<Path> needed = new HashSet<>();
        for (Path link : below(repository.resolve("snapshots"))) {
            if (!links.contains(link)) {
                needed.add(target(link));
            }
        }
        List<Path> unneeded = new ArrayList<>();
        for (Path blob : entries(repository.resolve("blobs"))) {
            boolean isUnfinished = blob.toString().endsWith("incomplete");
            if (!isUnfinished && !needed.contains(target(blob))) {
                unneeded.add(blob);
            }
        }
        return unneeded;
    }

    /** The file that a path leads to; the path itself if it leads nowhere. */
    private static Path target(Path file) throws IOException {
        return Files.exists(file) ? file.toRealPath() : file;
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
