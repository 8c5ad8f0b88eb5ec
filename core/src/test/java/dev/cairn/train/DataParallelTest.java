package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.TinyModels;
import dev.cairn.model.Workspace;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataParallelTest {
    private static final List<TokenExample> BATCH = TinyRuns.examples(19, 1);

    private static CausalLm model(String type) {
        return TinyModels.trained(TinyModels.config(type), Kernels.vector());
    }

    /** Sums of 19 examples in another order: a few roundings of the last of 24 bits. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama", "qwen3", "gemma3_text"})
    void lossAndGradientsAreThoseOfOneBatch(String type) {
        CausalLm whole = model(type);
        ForwardContext pass = ForwardContext.dropping(whole.kernels(), null, 0, new Workspace());
        double expected = new NextTokenLoss(whole).train(pass, BATCH, 0.1);
        CausalLm shared = model(type);
        DataParallel parallel = new DataParallel(shared);

        assertThat(parallel.train(BATCH, 0.1)).isCloseTo(expected, within(1e-5 * expected));
        for (int i = 0; i < whole.parameters().size(); i++) {
            Parameter one = whole.parameters().get(i);
            float[] gradient = one.gradient().toFloats();
            float[] found = shared.parameters().get(i).gradient().toFloats();
            double largest = 0;
            for (float value : gradient) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(largest).as(one.name()).isPositive();
            assertThat(found)
                    .as(one.name())
                    .containsExactly(gradient, within((float) (1e-5 * largest)));
        }
    }

    @Test
    void gradientsOfASecondBatchAreAddedOnce() {
        CausalLm model = model("gpt_neox");
        DataParallel parallel = new DataParallel(model);
        parallel.train(BATCH, 0.1);
        byte[] weights = TinyRuns.bits(model.parameters());
        float[] once = model.parameters().getFirst().gradient().toFloats();
        parallel.train(BATCH, 0.1);
        float[] twice = model.parameters().getFirst().gradient().toFloats();

        for (int i = 0; i < once.length; i++) {
            assertThat(twice[i]).isCloseTo(2 * once[i], within(1e-5f));
        }
        assertThat(TinyRuns.bits(model.parameters())).isEqualTo(weights);
    }

    @Test
    void bitsDoNotDependOnThreads() {
        CausalLm several = model("llama");
        double loss = new DataParallel(several).train(BATCH, 0.1);
        CausalLm one = model("llama");
        double sameLoss = ThreadPool.inline(() -> new DataParallel(one).train(BATCH, 0.1));

        assertThat(sameLoss).isEqualTo(loss);
        for (int i = 0; i < one.parameters().size(); i++) {
            assertThat(one.parameters().get(i).gradient().toFloats())
                    .isEqualTo(several.parameters().get(i).gradient().toFloats());
        }
    }
}
