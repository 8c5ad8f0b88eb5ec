package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.http.Retries;
import dev.cairn.http.RetryPolicy;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Models of the Hugging Face hub, from the local cache or by download. The cache is shared with
 * huggingface_hub, transformers and PEFT: each finds what the others have downloaded.
 */
public final class Hub {
    /** The limit for connecting, for a response's headers and for each read of its body. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HubSettings settings;
    private final PullListener listener;
    private final Duration timeout;
    private final Retries retries;
    private final HubCache cache;

    private Hub(HubSettings settings, PullListener listener, Duration timeout, Retries retries) {
        this.settings = settings;
        this.listener = listener;
        this.timeout = timeout;
        this.retries = retries;
        this.cache = new HubCache(settings.cache());
    }

    public static Hub open(HubSettings settings, PullListener listener) {
        return open(settings, listener, TIMEOUT, Thread::sleep);
    }

    static Hub open(
            HubSettings settings,
            PullListener listener,
            Duration timeout,
            RetryPolicy.Pause pause) {
        return new Hub(settings, listener, timeout, HubRetries.of(listener, pause));
    }

    /**
     * A model that is complete in the cache.
     *
     * @param path a Hugging Face model directory, a PEFT directory or a GGUF file
     * @param files number of files that had to be downloaded
     */
    public record Pulled(Path path, String commit, int files) {}

    /**
     * Downloads the newest commit of a revision into the cache. In offline mode, uses the commit
     * that is already there.
     *
     * @throws CairnException when the hub cannot be reached or refuses access, when the repository
     *     holds nothing Cairn can use, or when a downloaded file is wrong
     */
    public Pulled pull(HubId id) {
        return settings.offline() ? cached(id) : download(id);
    }

    /**
     * The folder of a model, or its GGUF file: from the cache, without asking the hub, if it is
     * complete there; otherwise it is downloaded.
     *
     * @throws CairnException as {@link #pull}
     */
    public Path find(HubId id) {
        Optional<Path> complete = snapshot(id).flatMap(snapshot -> snapshot.complete(id));
        return complete.isPresent() ? complete.get() : pull(id).path();
    }

    /** The models in the cache, sorted by name. */
    public static List<CachedModel> list(HubSettings settings) {
        return CacheScan.of(settings.cache());
    }

    /**
     * Removes a model from the cache.
     *
     * @param name {@code ORG/NAME} for all its revisions, {@code ORG/NAME@REVISION} for one, or
     *     {@code ORG/NAME:FILE} for one GGUF file; blobs that anything else needs stay
     * @param isDry whether to remove nothing and only say what would be removed
     * @throws CairnException when the name is no id, the model or the revision is not in the cache,
     *     another process is downloading it, or it cannot be removed
     */
    public static RemovedModel remove(HubSettings settings, String name, boolean isDry) {
        HubId id = HubId.parse(name);
        HubCache cache = new HubCache(settings.cache());
        CacheRemoval removal = new CacheRemoval(cache, id, isDry);
        removal.requirePresent();
        try (RepositoryLock lock =
                RepositoryLock.tryAcquire(cache.lockFile(id)).orElseThrow(() -> busy(id))) {
            if (id.file() != null) {
                return removal.file();
            }
            return name.contains("@") ? removal.revision() : removal.all();
        }
    }

    private static CairnException busy(HubId id) {
        return new CairnException(
                id.repository()
                        + ": another process is downloading it; end that, or wait until it is done");
    }

    private Optional<Snapshot> snapshot(HubId id) {
        return cache.commit(id).map(commit -> cache.snapshot(id, commit));
    }

    private Pulled cached(HubId id) {
        Snapshot snapshot = snapshot(id).filter(s -> Files.exists(s.folder())).orElse(null);
        if (snapshot == null) {
            throw notCached(id, "is not in " + cache.root());
        }
        Optional<Path> complete = snapshot.complete(id);
        if (complete.isEmpty()) {
            String missing =
                    id.file() == null
                            ? String.join(", ", snapshot.missing()) + " is missing in "
                            : "it has " + snapshot.gguf().listed() + " in ";
            throw notCached(id, missing + snapshot.folder());
        }
        return new Pulled(complete.get(), String.valueOf(snapshot.folder().getFileName()), 0);
    }

    private static CairnException notCached(HubId id, String problem) {
        return new CairnException(
                "%s: %s, and HF_HUB_OFFLINE forbids asking the hub; unset it to download"
                        .formatted(id, problem));
    }

    private Pulled download(HubId id) {
        try (HubClient client = new HubClient(settings, id, timeout, retries)) {
            Listing listing = listing(client, id);
            Snapshot snapshot = cache.snapshot(id, listing.commit());
            int files = 0;
            // A complete cache may be on a read-only disk.
            if (!missing(listing, snapshot).isEmpty()) {
                try (RepositoryLock lock = lock(id)) {
                    files = downloadMissing(client, listing, snapshot);
                }
            }
            cache.remember(id, listing.commit());
            Path path =
                    id.file() == null
                            ? snapshot.folder()
                            : snapshot.folder().resolve(Needs.of(listing).getFirst().name());
            return new Pulled(path, listing.commit(), files);
        }
    }

    private Listing listing(HubClient client, HubId id) {
        try {
            return client.listing();
        } catch (CairnException e) {
            if (snapshot(id).flatMap(snapshot -> snapshot.complete(id)).isEmpty()) {
                throw e;
            }
            throw new CairnException(
                    e.getMessage() + "; set HF_HUB_OFFLINE=1 to use the copy in the cache", e);
        }
    }

    private RepositoryLock lock(HubId id) {
        return RepositoryLock.acquire(
                cache.lockFile(id),
                () -> listener.notes(id + ": another process is downloading it; waiting"));
    }

    /** Runs twice for a sharded model: the names of the shards are in its index. */
    private int downloadMissing(HubClient client, Listing listing, Snapshot snapshot) {
        HubId id = listing.id();
        int files = 0;
        List<HubFile> missing = missing(listing, snapshot);
        while (!missing.isEmpty()) {
            checkSpace(id, missing);
            for (HubFile file : missing) {
                HubFile described =
                        file.size() == null || file.checksum() == null
                                ? client.described(file, listing.commit())
                                : file;
                Path blob =
                        new BlobDownload(
                                        client,
                                        retries,
                                        listener,
                                        described,
                                        listing.commit(),
                                        cache.blobs(id))
                                .fetch();
                cache.link(snapshot, file, blob);
                files++;
            }
            missing = missing(listing, snapshot);
        }
        return files;
    }

    private static List<HubFile> missing(Listing listing, Snapshot snapshot) {
        List<HubFile> files = new ArrayList<>(Needs.of(listing));
        Optional<HubFile> index =
                files.stream().filter(file -> file.name().equals(Needs.INDEX)).findFirst();
        if (index.isPresent() && snapshot.has(index.get())) {
            files.addAll(Needs.shards(listing, snapshot.folder().resolve(Needs.INDEX)));
        }
        files.removeIf(snapshot::has);
        return files;
    }

    /** Checks the disk space first, not after hours of downloading. */
    private void checkSpace(HubId id, List<HubFile> missing) {
        long needed = 0;
        try {
            Path blobs = Files.createDirectories(cache.blobs(id));
            for (HubFile file : missing) {
                needed = Math.addExact(needed, stillToCome(file, blobs));
            }
            long free = Files.getFileStore(blobs).getUsableSpace();
            if (needed > free) {
                throw new CairnException(
                        String.format(
                                Locale.ROOT,
                                "%s: needs %,d MB more, but %s has only %,d MB free; free some, or set HF_HUB_CACHE to a folder on another disk",
                                id,
                                needed / 1_000_000,
                                cache.root(),
                                free / 1_000_000));
            }
        } catch (IOException e) {
            throw new CairnException(
                    cache.blobs(id) + ": cannot be written: " + AtomicFiles.reason(e), e);
        } catch (ArithmeticException e) {
            throw new CairnException(id + ": the hub reports a size larger than any disk", e);
        }
    }

    private static long stillToCome(HubFile file, Path blobs) throws IOException {
        long size = Objects.requireNonNullElse(file.size(), 0L);
        Checksum checksum = file.checksum();
        if (checksum != null) {
            for (String name : Set.of(checksum.hex(), checksum.hex() + BlobDownload.UNFINISHED)) {
                Path there = blobs.resolve(name);
                size -= Files.exists(there) ? Math.min(size, Files.size(there)) : 0;
            }
        }
        return size;
    }
}
