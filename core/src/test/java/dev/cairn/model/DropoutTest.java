package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which inputs of an adapter are dropped in training. */
class DropoutTest {
    private static final Kernels KERNELS = Kernels.vector();
    private static final double SHARE = 0.5;
    private static final int ROWS = 500;

    private final CausalLm model =
            TinyModels.frozen(TinyModels.neoxConfig(true, 0.25, false), KERNELS);
    private final LoraAdapter adapter = TinyModels.adapter(model, SHARE, false);

    /** Four standard deviations of a share of 12,000 throws are 0.018. */
    private static final double CHANCE = 0.02;

    @Test
    void dropsTheConfiguredShareAndScalesTheRestUp() {
        boolean[] kept = mask(1, 0);

        assertThat(agreement(kept, new boolean[kept.length], 0)).isCloseTo(SHARE, within(CHANCE));
        Tensor dropped = dropped(1, 0);
        for (int c = 0; c < dropped.cols(); c++) {
            assertThat(dropped.get(0, c)).isIn(0.0, 1 / (1 - SHARE));
        }
    }

    @Test
    void theSameWalkDropsTheSamePlacesAgain() {
        assertThat(mask(7, 2)).isEqualTo(mask(7, 2));
    }

    /** A trainer counts its walks; the masks must differ in more than where they begin. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void neighbouringWalksDropUnrelatedPlaces(int shift) {
        boolean[] one = mask(100, 0);
        boolean[] next = mask(101, 0);

        assertThat(agreement(one, next, shift)).isCloseTo(0.5, within(CHANCE));
        assertThat(agreement(next, one, shift)).isCloseTo(0.5, within(CHANCE));
    }

    @Test
    void layersDropUnrelatedPlaces() {
        assertThat(agreement(mask(100, 0), mask(100, 2), 0)).isCloseTo(0.5, within(CHANCE));
    }

    @Test
    void nothingIsDroppedWithoutAKey() {
        Tensor x = ones();
        Linear layer = model.linears().get(0);
        LoraPair lora = Objects.requireNonNull(adapter.pair(layer.name()));

        assertThat(layer.dropped(ForwardContext.of(KERNELS, adapter), lora, x)).isSameAs(x);
    }

    /** Share of places where a, moved by shift, equals b. */
    private static double agreement(boolean[] a, boolean[] b, int shift) {
        int count = 0;
        for (int i = 0; i < a.length - shift; i++) {
            if (a[i + shift] == b[i]) {
                count++;
            }
        }
        return (double) count / (a.length - shift);
    }

    private boolean[] mask(long key, int layer) {
        Tensor dropped = dropped(key, layer);
        boolean[] kept = new boolean[dropped.rows() * dropped.cols()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = dropped.get(i / dropped.cols(), i % dropped.cols()) != 0;
        }
        return kept;
    }

    private Tensor dropped(long key, int layer) {
        ForwardContext pass = ForwardContext.dropping(KERNELS, adapter, key, new Workspace());
        Linear linear = model.linears().get(layer);
        LoraPair lora = Objects.requireNonNull(adapter.pair(linear.name()));
        return linear.dropped(pass, lora, ones());
    }

    private Tensor ones() {
        Tensor ones = KERNELS.zeros(ROWS, model.config().hiddenSize());
        for (int r = 0; r < ones.rows(); r++) {
            for (int c = 0; c < ones.cols(); c++) {
                ones.set(r, c, 1);
            }
        }
        return ones;
    }
}
