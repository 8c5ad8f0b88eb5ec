package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists the models in the cache. */
final class CacheScan {
    private static final String PREFIX = "models--";

    private CacheScan() {}

    /** The models in a cache, sorted by name; empty when the folder does not exist. */
    static List<CachedModel> of(Path root) {
        List<CachedModel> models = new ArrayList<>();
        try {
            for (Path repository : entries(root)) {
                if (repository.getFileName().toString().startsWith(PREFIX)) {
                    models.addAll(repository(repository));
                }
            }
        } catch (IOException e) {
            throw unreadable(root, e);
        } catch (UncheckedIOException e) {
            throw unreadable(root, Objects.requireNonNull(e.getCause()));
        }
        return models;
    }

    private static CairnException unreadable(Path root, IOException e) {
        return new CairnException(root + ": the cache cannot be read: " + AtomicFiles.reason(e), e);
    }

    private static List<CachedModel> repository(Path folder) throws IOException {
        String id = folder.getFileName().toString().substring(PREFIX.length()).replace("--", "/");
        Map<String, List<String>> revisions = revisions(folder.resolve("refs"));
        Size unfinished = Size.of(unfinished(folder.resolve("blobs")));
        List<CachedModel> models = new ArrayList<>();
        for (Path commit : entries(folder.resolve("snapshots"))) {
            String name = commit.getFileName().toString();
            Snapshot snapshot = new Snapshot(commit);
            List<String> missing = snapshot.missing();
            List<String> here = revisions.getOrDefault(name, List.of());
            GgufFiles gguf = snapshot.gguf();
            for (List<String> files : gguf.models().values()) {
                models.add(gguf(id, commit, here, files));
            }
            if (gguf.models().isEmpty() || snapshot.hasModelFiles()) {
                Size size = Size.of(othersThan(gguf, commit));
                models.add(
                        model(
                                id,
                                name,
                                here,
                                missing.isEmpty() ? size : size.plus(unfinished),
                                snapshot.isAdapter(),
                                missing));
            }
        }
        if (models.isEmpty() && unfinished.bytes() > 0) {
            models.add(model(id, null, List.of(), unfinished, false, List.of(Needs.CONFIG)));
        }
        return models;
    }

    private static List<Path> othersThan(GgufFiles gguf, Path commit) throws IOException {
        Set<Path> left = new HashSet<>();
        gguf.models().values().forEach(files -> files.forEach(f -> left.add(commit.resolve(f))));
        return files(commit).stream().filter(file -> !left.contains(file)).toList();
    }

    private static CachedModel gguf(
            String id, Path commit, List<String> revisions, List<String> files) throws IOException {
        Size size = Size.of(files.stream().map(commit::resolve).toList());
        return new CachedModel(
                id,
                files.getFirst(),
                commit.getFileName().toString(),
                revisions,
                size.bytes(),
                size.modified().toInstant(),
                false,
                GgufFiles.missing(files));
    }

    private static CachedModel model(
            String id,
            @Nullable String commit,
            List<String> revisions,
            Size size,
            boolean isAdapter,
            List<String> missing) {
        return new CachedModel(
                id,
                null,
                commit,
                revisions,
                size.bytes(),
                size.modified().toInstant(),
                isAdapter,
                missing);
    }

    /** The revisions that point to each commit. */
    private static Map<String, List<String>> revisions(Path refs) throws IOException {
        Map<String, List<String>> revisions = new HashMap<>();
        for (Path ref : files(refs)) {
            String name = refs.relativize(ref).toString().replace('\\', '/');
            if (!ref.getFileName().toString().endsWith(".tmp")) {
                revisions
                        .computeIfAbsent(Files.readString(ref).strip(), c -> new ArrayList<>())
                        .add(name);
            }
        }
        return revisions;
    }

    private static List<Path> unfinished(Path blobs) throws IOException {
        return entries(blobs).stream()
                .filter(blob -> blob.toString().endsWith(BlobDownload.UNFINISHED))
                .toList();
    }

    private static List<Path> entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted(Comparator.comparing(Path::toString)).toList();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private record Size(long bytes, FileTime modified) {
        /** The size of the files that the links point to, each counted once. */
        static Size of(List<Path> files) throws IOException {
            Size sum = new Size(0, FileTime.fromMillis(0));
            Set<Path> seen = new HashSet<>();
            for (Path file : files) {
                if (seen.add(file.toRealPath())) {
                    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    sum = sum.plus(new Size(attributes.size(), attributes.lastModifiedTime()));
                }
            }
            return sum;
        }

        Size plus(Size other) {
            boolean isOlder = modified.compareTo(other.modified) < 0;
            return new Size(bytes + other.bytes, isOlder ? other.modified : modified);
        }
    }
}
