package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PackingTest {
    private static final Kernels KERNELS = Kernels.scalar(Precision.F64);

    @Test
    void noGptNeoXSequenceSeesAnother() {
        assertPackingChangesNothing(TinyModels.neoxConfig(true, 0.25, false));
    }

    @Test
    void noLlamaSequenceSeesAnother() {
        assertPackingChangesNothing(TinyModels.llamaConfig(true));
    }

    /** Equal to the last bit: each row is computed from the same numbers in the same order. */
    private static void assertPackingChangesNothing(ObjectNode config) {
        CausalLm model = TinyModels.frozen(config, KERNELS);
        ForwardContext pass = ForwardContext.of(KERNELS, TinyModels.adapter(model, 0, false));
        Tensor packed = hidden(model, pass, Example.SEQUENCES);
        int row = 0;
        for (int[] sequence : Example.SEQUENCES) {
            Tensor alone = hidden(model, pass, List.of(sequence));
            for (int t = 0; t < sequence.length; t++, row++) {
                for (int c = 0; c < alone.cols(); c++) {
                    assertThat(packed.get(row, c)).isEqualTo(alone.get(t, c));
                }
            }
        }
        assertThat(row).isEqualTo(packed.rows());
    }

    private static Tensor hidden(CausalLm model, ForwardContext pass, List<int[]> sequences) {
        return model.forward(pass, TokenBatch.packed(sequences), null).hidden();
    }
}
