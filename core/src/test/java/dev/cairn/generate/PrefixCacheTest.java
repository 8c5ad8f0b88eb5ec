package dev.cairn.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.CausalLm;
import dev.cairn.model.KvCache;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.TinyModels;
import dev.cairn.tensor.F32Tensor;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixCacheTest {
    private static final int FLOATS = 256;

    /** What one piece of one token takes, with what surrounds it. */
    private static final long PIECE = 4 * FLOATS * 2 + 4 + 3 * 64;

    private static final Object ROOT = PrefixCache.root(null);

    private static KvCache.Segment segment() {
        return new KvCache.Segment(
                1, List.of(F32Tensor.zeros(1, FLOATS)), List.of(F32Tensor.zeros(1, FLOATS)));
    }

    private static IntBuffer ids(int id) {
        return IntBuffer.wrap(new int[] {id});
    }

    /** Walks down a path as {@link Prefill} does; the last piece that was known at once. */
    private static int read(PrefixCache cache, int... path) {
        Object before = ROOT;
        int known = 0;
        for (int i = 0; i < path.length; i++) {
            PrefixCache.PrefixBlock piece = cache.find(before, ids(path[i]));
            if (piece != null && known == i) {
                known++;
            }
            before = piece != null ? piece : cache.add(before, ids(path[i]), segment());
        }
        return known;
    }

    @Test
    void theOldestBeginningGoesFirstAndItsEndBeforeItsStart() {
        PrefixCache cache = PrefixCache.ofBytes(4 * PIECE);
        read(cache, 1, 2);
        read(cache, 3, 4);
        assertThat(cache.size()).isEqualTo(4);
        read(cache, 5);
        assertThat(read(cache, 3, 4)).isEqualTo(2);
        // 1 is still there, 2 had to go for 5.
        assertThat(cache.find(ROOT, ids(1))).isNotNull();
        read(cache, 6);
        // 5 is now the oldest.
        assertThat(cache.find(ROOT, ids(5))).isNull();
        assertThat(cache.find(ROOT, ids(1))).isNotNull();
    }

    @Test
    void ofABeginningThatIsTooLongTheStartIsKept() {
        PrefixCache cache = PrefixCache.ofBytes(3 * PIECE);
        assertThat(read(cache, 1, 2, 3, 4, 5, 6)).isZero();
        assertThat(cache.size()).isEqualTo(3);
        assertThat(read(cache, 1, 2, 3, 4, 5, 6)).isEqualTo(3);
    }

    @Test
    void theSameTokensAfterOthersOrUnderAnotherAdapterAreNotTheSame() {
        PrefixCache cache = PrefixCache.ofBytes(100 * PIECE);
        read(cache, 1, 2);
        assertThat(read(cache, 2, 2)).isZero();
        CausalLm model = TinyModels.frozen(TinyModels.config("llama"), kernels());
        LoraAdapter adapter = TinyModels.adapter(model, 0, false);
        assertThat(cache.find(PrefixCache.root(adapter), ids(1))).isNull();
        assertThat(cache.find(ROOT, ids(1))).isNotNull();
    }

    private static dev.cairn.tensor.kernel.Kernels kernels() {
        return dev.cairn.tensor.kernel.Kernels.vector();
    }

    @Test
    void whoComesSecondGetsWhatTheFirstKept() {
        PrefixCache cache = PrefixCache.ofBytes(100 * PIECE);
        PrefixCache.PrefixBlock first = cache.add(ROOT, ids(1), segment());
        assertThat(cache.add(ROOT, ids(1), segment())).isSameAs(first);
        assertThat(cache.byteSize()).isEqualTo(PIECE);
    }

    /** Its beginning was dropped while it was read, so nobody could ever find it. */
    @Test
    void whatFollowsADroppedPieceIsNotKept() {
        PrefixCache cache = PrefixCache.ofBytes(PIECE);
        PrefixCache.PrefixBlock first = cache.add(ROOT, ids(1), segment());
        cache.add(ROOT, ids(2), segment());
        cache.add(first, ids(3), segment());
        assertThat(cache.find(ROOT, ids(2))).isNotNull();
        assertThat(cache.size()).isEqualTo(1);
    }

    /**
     * Random walks in a small tree, so that the same beginnings come, go and come back: what is
     * held stays under the bound, can all be reached, and a walk finds a beginning without gaps.
     */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 7, 20})
    void holdsItsBoundWhateverComes(long roomForPieces) {
        PrefixCache cache = PrefixCache.ofBytes(roomForPieces * PIECE + PIECE / 2);
        SplittableRandom random = new SplittableRandom(roomForPieces);
        for (int round = 0; round < 3000; round++) {
            Object before = ROOT;
            boolean isGap = false;
            int depth = random.nextInt(1, 7);
            for (int i = 0; i < depth; i++) {
                IntBuffer ids = ids(random.nextInt(3));
                PrefixCache.PrefixBlock piece = cache.find(before, ids);
                assertThat(piece == null || !isGap).isTrue();
                isGap |= piece == null;
                before = piece != null ? piece : cache.add(before, ids, segment());
                assertThat(cache.byteSize()).isEqualTo(cache.size() * PIECE);
                assertThat(cache.size()).isLessThanOrEqualTo((int) roomForPieces);
            }
            assertThat(reachable(cache, ROOT)).isEqualTo(cache.size());
        }
    }

    private static int reachable(PrefixCache cache, Object before) {
        List<PrefixCache.@Nullable PrefixBlock> found = new ArrayList<>();
        for (int id = 0; id < 3; id++) {
            found.add(cache.find(before, ids(id)));
        }
        int count = 0;
        for (PrefixCache.PrefixBlock piece : found) {
            count += piece == null ? 0 : 1 + reachable(cache, piece);
        }
        return count;
    }
}
