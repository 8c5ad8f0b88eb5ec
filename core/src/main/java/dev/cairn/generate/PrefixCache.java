package dev.cairn.generate;

import dev.cairn.model.KvCache;
import dev.cairn.model.LoraAdapter;
import java.nio.IntBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the beginnings of prompts that one model has read, so that the next prompt
 * that begins with the same tokens, under the same adapter, need not read them again. {@link
 * Prefill} says why that changes no bit of an answer.
 *
 * <p>Beginnings form a tree of pieces. A piece is written once, when it is copied out of the cache
 * of the sequence that was read, and is copied into that of the next: what is shared is never
 * extended. Pieces not used for the longest time make room for new ones, and of one beginning its
 * last piece goes first. Safe for use by several threads.
 */
public final class PrefixCache {
    /** Keeps nothing. */
    static final PrefixCache NONE = new PrefixCache(0);

    private static final long MAX_BYTES = 64L << 20;
    private static final int SHARE_OF_HEAP = 8;

    /** Objects around the numbers of one tensor, generously. */
    private static final long OVERHEAD_PER_TENSOR = 64;

    /** What stands for the adapter of a model that has none. */
    private static final Object BASE = new Object();

    /**
     * A piece is known by what comes before it and its own tokens.
     *
     * @param before the piece before, or the adapter for a first one; told apart by identity
     */
    private record Key(Object before, IntBuffer ids) {}

    /** A piece of a beginning. */
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

    /** In order of use, the latest last; a piece always stands after those that follow it. */
    private final LinkedHashMap<Key, PrefixBlock> pieces = new LinkedHashMap<>(16, 0.75f, true);

    private PrefixCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Room for 64 MiB, and for no more than an eighth of the heap. */
    public static PrefixCache ofDefaultSize() {
        return new PrefixCache(
                Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    /** Room for this many bytes. */
    static PrefixCache ofBytes(long maxBytes) {
        return new PrefixCache(maxBytes);
    }

    /** Where every beginning begins. */
    static Object root(@Nullable LoraAdapter adapter) {
        return adapter == null ? BASE : adapter;
    }

    /**
     * The piece with these tokens, if it is known.
     *
     * @param before the piece before it, or the {@link #root}
     */
    synchronized @Nullable PrefixBlock find(Object before, IntBuffer ids) {
        PrefixBlock piece = pieces.get(new Key(before, ids));
        use(piece);
        return piece;
    }

    /** Whether a piece of so many bytes may find room at all. */
    boolean mayHold(long size) {
        return size <= maxBytes;
    }

    /**
     * Keeps a piece if there is room for it.
     *
     * @param before the piece before it, or the {@link #root}
     * @param ids its tokens, which the caller must not change any more
     * @return the piece, or the same one if another thread was quicker
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

    /** What comes before may have had to go while the piece was read: nobody could find it. */
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

    /** Moves a piece to the end, and behind it, one by one, those before it. */
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
