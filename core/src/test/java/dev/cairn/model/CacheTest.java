package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};

    /**
     * Tolerances: in double the only difference is the order of a few sums; the fast kernels for
     * one token are others than those for many, and a float resolves 1e-7 of values near 1.
     */
    @ParameterizedTest(name = "{0}, {2} tokens at a time")
    @CsvSource({
        "gpt_neox, 1e-12, 1",
        "gpt_neox, 1e-12, 3",
        "gpt_neox, 1e-12, 11",
        "llama, 1e-12, 1",
        "llama, 1e-12, 3",
        "llama, 1e-12, 11",
        "gpt_neox, 2e-5, 1",
        "gpt_neox, 2e-5, 3",
        "gpt_neox, 2e-5, 11",
        "llama, 2e-5, 1",
        "llama, 2e-5, 3",
        "llama, 2e-5, 11",
        "gemma3_text, 1e-12, 1",
        "gemma3_text, 1e-12, 3",
        "gemma3_text, 1e-12, 5",
        "gemma3_text, 2e-5, 1",
        "gemma3_text, 2e-5, 3",
        "gemma3_text, 2e-5, 5",
        "gemma3_text, 2e-5, 11",
        "smollm3, 2e-5, 1",
        "smollm3, 2e-5, 5",
        "granitemoehybrid, 2e-5, 1",
        "granitemoehybrid, 2e-5, 5"
    })
    void readingInPiecesIsReadingAtOnce(String type, double tolerance, int piece) {
        Kernels kernels = tolerance < 1e-10 ? Kernels.scalar(Precision.F64) : Kernels.vector();
        CausalLm model = TinyModels.frozen(TinyModels.config(type), kernels);
        ForwardContext pass = ForwardContext.of(kernels, TinyModels.adapter(model, 0, false));
        Tensor whole = model.forward(pass, Logits.single(IDS), null).hidden();

        KvCache cache = model.newCache(IDS.length);
        Tensor pieces = kernels.zeros(IDS.length, whole.cols());
        for (int at = 0; at < IDS.length; at += piece) {
            int count = Math.min(piece, IDS.length - at);
            int[] ids = Arrays.copyOfRange(IDS, at, at + count);
            TokenBatch batch = TokenBatch.next(ids, cache.length());
            Tensor hidden = model.forward(pass, batch, cache).hidden();
            kernels.elementwise().copyRows(hidden, 0, pieces, at, count);
        }

        assertThat(cache.length()).isEqualTo(IDS.length);
        Logits.assertClose(pieces, whole, tolerance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama", "gemma3_text"})
    void anotherPassBetweenTheProductsChangesNoBitOfEither(String type) {
        Kernels kernels = Kernels.vector();
        CausalLm model = TinyModels.frozen(TinyModels.config(type), kernels);
        List<Tensor> inside = new ArrayList<>();
        ForwardContext pass = ForwardContext.inference(kernels, null);
        ForwardContext pausing = pass.pausing(() -> inside.add(readOther(model, pass)));
        Tensor paused = model.forward(pausing, Logits.single(IDS), model.newCache(11)).hidden();

        ForwardContext alone = ForwardContext.inference(kernels, null);
        KvCache cache = model.newCache(11);
        Logits.assertClose(paused, model.forward(alone, Logits.single(IDS), cache).hidden(), 0);
        assertThat(inside).hasSizeGreaterThan(2 * 3); // two layers with several products each
        Logits.assertClose(inside.getFirst(), readOther(model, alone), 0);
    }

    private static Tensor readOther(CausalLm model, ForwardContext pass) {
        try (Workspace.Frame frame = pass.frame()) {
            TokenBatch batch = TokenBatch.next(new int[] {8, 2, 8}, 0);
            Tensor hidden = model.forward(pass, batch, model.newCache(3)).hidden();
            Tensor copy = model.kernels().zeros(hidden.rows(), hidden.cols());
            model.kernels().elementwise().copyRows(hidden, 0, copy, 0, hidden.rows());
            return copy;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void refusesWhatDoesNotFitAndStaysAsItWas(String type) {
        Kernels kernels = Kernels.vector();
        CausalLm model = TinyModels.frozen(TinyModels.config(type), kernels);
        ForwardContext pass = ForwardContext.of(kernels, null);
        KvCache cache = model.newCache(4);
        model.forward(pass, TokenBatch.next(new int[] {1, 2, 3}, 0), cache);

        assertThatThrownBy(() -> model.forward(pass, TokenBatch.next(new int[] {4, 5}, 3), cache))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("5 tokens does not fit a cache of 4");

        assertThat(cache.length()).isEqualTo(3);
        model.forward(pass, TokenBatch.next(new int[] {4}, 3), cache);
        assertThat(cache.length()).isEqualTo(4);
    }

    @Test
    void refusesABatchThatIsNotTheNextTokensOfItsSequence() {
        Kernels kernels = Kernels.vector();
        CausalLm model = TinyModels.frozen(TinyModels.config("llama"), kernels);
        ForwardContext pass = ForwardContext.of(kernels, null);
        KvCache cache = model.newCache(8);
        model.forward(pass, TokenBatch.next(new int[] {1, 2, 3}, 0), cache);

        assertThatThrownBy(() -> model.forward(pass, Logits.single(4, 5), cache))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        model.forward(
                                pass, TokenBatch.packed(Example.SEQUENCES), model.newCache(16)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
