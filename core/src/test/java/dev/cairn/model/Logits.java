package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model says to {@link Example#SEQUENCES}. */
public final class Logits {
    private Logits() {}

    public static Tensor of(CausalLm model, @Nullable LoraAdapter adapter) {
        ForwardContext pass = ForwardContext.of(model.kernels(), adapter);
        TokenBatch batch = TokenBatch.packed(Example.SEQUENCES);
        return model.head().forward(pass, model.forward(pass, batch, null).hidden()).y();
    }

    /** Tokens one after another, as the single sequence {@code ids}. */
    public static TokenBatch single(int... ids) {
        return TokenBatch.packed(List.of(ids));
    }

    public static void assertClose(Tensor found, Tensor expected, double tolerance) {
        assertThat(List.of(found.rows(), found.cols()))
                .isEqualTo(List.of(expected.rows(), expected.cols()));
        for (int r = 0; r < expected.rows(); r++) {
            for (int c = 0; c < expected.cols(); c++) {
                assertThat(found.get(r, c))
                        .as("row %d, column %d", r, c)
                        .isCloseTo(expected.get(r, c), within(tolerance));
            }
        }
    }
}
