package dev.cairn.model;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What sequences of a model leave to those that come after them, one of each kind. A prompt of 512
 * tokens to a model of 160M would otherwise ask the collector for 60 MB, most of which it would
 * find alive and copy.
 */
public final class BufferPool {
    /** A cache is not used again for a sequence that would leave more than three quarters of it. */
    private static final int MAX_TIMES = 4;

    private final AtomicReference<@Nullable KvCache> cache = new AtomicReference<>();
    private final AtomicReference<@Nullable Workspace> workspace = new AtomicReference<>();

    /** A cache that was left and is large enough, empty now; null when there is none. */
    public @Nullable KvCache cache(int capacity) {
        KvCache left = cache.getAndSet(null);
        return left != null && left.room() >= capacity && left.room() / MAX_TIMES <= capacity
                ? left.emptied(capacity)
                : null;
    }

    public Workspace workspace() {
        Workspace left = workspace.getAndSet(null);
        return left == null ? new Workspace() : left;
    }

    /** Called when nobody uses this cache any more. */
    public void leave(KvCache unused) {
        cache.set(unused);
    }

    /** Called when nobody uses this workspace, or a tensor from it, any more. */
    public void leave(Workspace unused) {
        workspace.set(unused);
    }
}
