package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.tensor.Attention.Span;
import dev.cairn.tensor.kernel.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBatchTest {
    private static final Kernels KERNELS = Kernels.vector();
    private final CausalLm model = TinyModels.frozen(TinyModels.config("llama"), KERNELS);

    @Test
    void everySequenceBeginsAtPositionZeroAndSeesItselfAlone() {
        TokenBatch batch = TokenBatch.packed(Example.SEQUENCES);

        assertThat(batch.ids()).containsExactly(3, 1, 4, 1, 5, 9, 2, 6, 5, 3);
        assertThat(batch.positions()).containsExactly(0, 1, 2, 3, 4, 0, 0, 1, 2, 3);
        assertThat(batch.spans())
                .containsExactly(new Span(0, 5, 0, 5), new Span(5, 1, 5, 1), new Span(6, 4, 6, 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, TinyModels.VOCABULARY, Integer.MAX_VALUE})
    void refusesTokensThatTheModelDoesNotKnow(int id) {
        assertThatThrownBy(() -> read(Logits.single(1, id)))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("token id " + id)
                .hasMessageContaining("vocabulary of " + TinyModels.VOCABULARY);
    }

    @Test
    void readsAFullWindowAndRefusesOneTokenMore() {
        int window = model.config().maxPositions();

        assertThat(read(Logits.single(new int[window]))).isEqualTo(window);
        assertThatThrownBy(() -> read(Logits.single(new int[window + 1])))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("context window of " + window + " tokens");
    }

    private int read(TokenBatch batch) {
        return model.forward(ForwardContext.of(KERNELS, null), batch, null).hidden().rows();
    }
}
