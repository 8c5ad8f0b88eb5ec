package dev.cairn.model;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A pool of buffers that finished sequences of a model leave for later ones: one key-value cache
 * and one workspace. Without it, a prompt of 512 tokens to a model of 160M parameters would
 * allocate 60 MB, most of which the garbage collector would find live and copy.
 */
public final class BufferPool {
    /**
     * A cache is not reused for a sequence that would leave more than three quarters of it empty.
     */
    private static final int MAX_TIMES = 4;

    private final AtomicReference<@Nullable KvCache> cache = new AtomicReference<>();
    private final AtomicReference<@Nullable Workspace> workspace = new AtomicReference<>();

    /** The pooled cache, emptied, if it suits this capacity in tokens; otherwise null. */
    public @Nullable KvCache cache(int capacity) {
        KvCache left = cache.getAndSet(null);
        return left != null && left.room() >= capacity && left.room() / MAX_TIMES <= capacity
                ? left.emptied(capacity)
                : null;
    }

    /** The pooled workspace, or a new one. */
    public Workspace workspace() {
        Workspace left = workspace.getAndSet(null);
        return left == null ? new Workspace() : left;
    }

    /** Returns a cache to the pool; the caller must no longer use it. */
    public void leave(KvCache unused) {
        cache.set(unused);
    }

    /** Returns a workspace to the pool; the caller must no longer use it or any tensor from it. */
    public void leave(Workspace unused) {
        workspace.set(unused);
    }
}
