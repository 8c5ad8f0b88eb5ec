package dev.cairn.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A pool of buffers that finished sequences of a model leave for later ones: key-value caches and
 * one workspace. Without it, a prompt of 512 tokens to a model of 160M parameters would allocate 60
 * MB, most of which the garbage collector would find live and copy, and a server's heap would grow
 * until it is full of caches that nobody uses.
 */
public final class BufferPool {
    /**
     * A cache is not reused for a sequence that would leave more than three quarters of it empty.
     */
    private static final int MAX_TIMES = 4;

    /** Bytes of all idle caches, if there are several. */
    private static final long MAX_BYTES = 64L << 20;

    /** The last one left comes first. */
    private final Deque<KvCache> caches = new ArrayDeque<>();

    private final AtomicReference<@Nullable Workspace> workspace = new AtomicReference<>();

    /** An idle cache, emptied, if one suits this capacity in tokens; otherwise null. */
    public @Nullable KvCache cache(int capacity) {
        return cache(capacity, (long) MAX_TIMES * capacity + MAX_TIMES - 1);
    }

    /**
     * An idle cache, emptied, otherwise null.
     *
     * @param maxRoom how many tokens it has memory for at most
     */
    public synchronized @Nullable KvCache cache(int capacity, long maxRoom) {
        for (Iterator<KvCache> all = caches.iterator(); all.hasNext(); ) {
            KvCache left = all.next();
            if (left.room() >= capacity && left.room() <= maxRoom) {
                all.remove();
                return left.emptied(capacity);
            }
        }
        // What suits nobody goes, one at a time.
        caches.pollLast();
        return null;
    }

    /** The pooled workspace, or a new one. */
    public Workspace workspace() {
        Workspace left = workspace.getAndSet(null);
        return left == null ? new Workspace() : left;
    }

    /** Returns a cache to the pool; the caller must no longer use it. */
    public synchronized void leave(KvCache unused) {
        caches.addFirst(unused);
        while (caches.size() > 1 && byteSize() > MAX_BYTES) {
            caches.removeLast();
        }
    }

    private long byteSize() {
        return caches.stream().mapToLong(KvCache::byteSize).sum();
    }

    /** Returns a workspace to the pool; the caller must no longer use it or any tensor from it. */
    public void leave(Workspace unused) {
        workspace.set(unused);
    }
}
