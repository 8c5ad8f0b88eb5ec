package dev.cairn.model;

import dev.cairn.model.config.Rope;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding (Su et al. 2021) on the first values of each head, in half-split order:
 * pair i at position p turns by {@code p · frequency[i]}.
 *
 * <p>The angle is rounded to float, for the reason given in {@link Rope#frequencies}.
 */
final class Rotary {
    private static final int FEWEST_POSITIONS = 256;

    private final Kernels kernels;
    private final Rope rope;
    private final int dims;

    /** Grown on demand: a context window of 131,072 tokens is seldom used in full. */
    private volatile @Nullable Table table;

    /** Cosines and sines {@code [positions, pairs]}. */
    private final class Table {
        private final int positions;
        private final Tensor cos;
        private final Tensor sin;

        Table(int positions) {
            float[] frequencies = rope.frequencies(dims);
            double factor = rope.attentionFactor();
            this.positions = positions;
            this.cos = kernels.zeros(positions, frequencies.length);
            this.sin = kernels.zeros(positions, frequencies.length);
            for (int p = 0; p < positions; p++) {
                for (int i = 0; i < frequencies.length; i++) {
                    float angle = p * frequencies[i];
                    cos.set(p, i, factor * Math.cos(angle));
                    sin.set(p, i, factor * Math.sin(angle));
                }
            }
        }
    }

    /**
     * @param dims how many values of each head are rotated; an even number
     */
    Rotary(Kernels kernels, Rope rope, int dims) {
        this.kernels = kernels;
        this.rope = rope;
        this.dims = dims;
    }

    void forward(ForwardContext pass, Heads x, int heads, int[] positions) {
        rotate(pass, x, heads, positions, false);
    }

    void backward(ForwardContext pass, Heads dx, int heads, int[] positions) {
        rotate(pass, dx, heads, positions, true);
    }

    private void rotate(
            ForwardContext pass, Heads x, int heads, int[] positions, boolean backwards) {
        Table t = covering(Arrays.stream(positions).max().orElse(0));
        pass.kernels().attention().rotate(x, heads, positions, t.cos, t.sin, backwards);
    }

    private Table covering(int position) {
        Table known = table;
        return known != null && position < known.positions ? known : grown(position);
    }

    private synchronized Table grown(int position) {
        Table known = table;
        int before = known == null ? FEWEST_POSITIONS / 2 : known.positions;
        if (known == null || position >= before) {
            known = new Table(Math.max(position + 1, 2 * before));
            table = known;
        }
        return known;
    }
}
