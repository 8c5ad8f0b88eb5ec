package dev.cairn.generate;

import dev.cairn.model.KvCache;
import dev.cairn.model.LoraAdapter;
import java.nio.IntBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the keys and values of prompt prefixes that one model has read, so that a later prompt
 * with the same prefix and the same adapter need not read it again. {@link Prefill} explains why
 * this changes no bit of an answer.
 *
 * <p>Prefixes form a tree of pieces. A piece is immutable: it is copied out of the cache of the
 * sequence that read it, and copied into the cache of a later one. The least recently used pieces
 * are evicted first, and within a prefix its last piece. Thread-safe.
 */
public final class PrefixCache {
    /** A cache that keeps nothing. */
    static final PrefixCache NONE = new PrefixCache(0);

    private static final long MAX_BYTES = 64L << 20;
    private static final int SHARE_OF_HEAP = 8;

    /** Bytes of object overhead per tensor, a generous estimate. */
    private static final long OVERHEAD_PER_TENSOR = 64;

    /** Stands for the adapter of a model without one. */
    private static final Object BASE = new Object();

    /**
     * Identifies a piece by its predecessor and its own tokens.
     *
     * @param before the preceding piece, or the adapter for a first piece; compared by identity
     */
    private record Key(Object before, IntBuffer ids) {}

    /** A piece of a prefix. */
    static final class PrefixBlock {
        private final Key key;
        private final KvCache.Segment segment;

        private PrefixBlock(Key key, KvCache.Segment segment) {
            this.key = key;
            this.segment = segment;
        }

        KvCache.Segment segment() {
            return segment;
        }

        private @Nullable PrefixBlock before() {
            return key.before() instanceof PrefixBlock piece ? piece : null;
        }

        private long byteSize() {
            long tensors = (long) segment.keys().size() + segment.values().size();
            return segment.byteSize()
                    + (long) Integer.BYTES * key.ids().remaining()
                    + OVERHEAD_PER_TENSOR * (tensors + 1);
        }
    }

    private final long maxBytes;
    private long bytes;

    /** Pieces in order of use, most recent last; a piece always comes after its successors. */
    private final LinkedHashMap<Key, PrefixBlock> pieces = new LinkedHashMap<>(16, 0.75f, true);

    private PrefixCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A cache of 64 MiB, but at most an eighth of the heap. */
    public static PrefixCache ofDefaultSize() {
        return new PrefixCache(
                Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    /** A cache of at most this many bytes. */
    public static PrefixCache ofBytes(long maxBytes) {
        return new PrefixCache(maxBytes);
    }

    /** The root of all prefixes under this adapter. */
    static Object root(@Nullable LoraAdapter adapter) {
        return adapter == null ? BASE : adapter;
    }

    /**
     * The piece with these tokens; null when it is not cached.
     *
     * @param before the preceding piece, or the {@link #root}
     */
    synchronized @Nullable PrefixBlock find(Object before, IntBuffer ids) {
        PrefixBlock piece = pieces.get(new Key(before, ids));
        use(piece);
        return piece;
    }

    /** Whether a piece of {@code size} bytes can fit at all. */
    boolean mayHold(long size) {
        return size <= maxBytes;
    }

    /**
     * Adds a piece if there is room for it.
     *
     * @param before the preceding piece, or the {@link #root}
     * @param ids its tokens, which the caller must no longer modify
     * @return the piece, or an equal one that another thread added first
     */
    synchronized PrefixBlock add(Object before, IntBuffer ids, KvCache.Segment segment) {
        PrefixBlock known = find(before, ids);
        if (known != null) {
            return known;
        }
        PrefixBlock piece = new PrefixBlock(new Key(before, ids), segment);
        if (isReachable(piece) && makeRoom(piece)) {
            bytes += piece.byteSize();
            pieces.put(piece.key, piece);
            use(piece);
        }
        return piece;
    }

    /**
     * Whether all preceding pieces are still cached: one evicted while this piece was being read
     * would make it unreachable.
     */
    private boolean isReachable(PrefixBlock piece) {
        PrefixBlock before = piece.before();
        return before == null || pieces.get(before.key) == before;
    }

    private boolean makeRoom(PrefixBlock piece) {
        use(piece.before());
        Iterator<PrefixBlock> oldest = pieces.values().iterator();
        while (bytes + piece.byteSize() > maxBytes && oldest.hasNext()) {
            PrefixBlock old = oldest.next();
            if (isBefore(old, piece)) {
                return false;
            }
            bytes -= old.byteSize();
            oldest.remove();
        }
        return bytes + piece.byteSize() <= maxBytes;
    }

    private static boolean isBefore(PrefixBlock old, PrefixBlock piece) {
        for (PrefixBlock p = piece.before(); p != null; p = p.before()) {
            if (p == old) {
                return true;
            }
        }
        return false;
    }

    /** Marks a piece as used, then each of its predecessors in turn. */
    private void use(@Nullable PrefixBlock piece) {
        for (PrefixBlock p = piece; p != null; p = p.before()) {
            pieces.get(p.key);
        }
    }

    synchronized long byteSize() {
        return bytes;
    }

    synchronized int size() {
        return pieces.size();
    }
}
