package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.TinyModels;
import dev.cairn.model.TokenBatch;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NextTokenLossTest {
    private static final Kernels DOUBLES = Kernels.scalar(Precision.F64);

    /** 200 examples have more predicted tokens than are computed in one chunk. */
    private static final List<TokenExample> EXAMPLES = TinyRuns.examples(200, 9);

    /** Sums of a few hundred terms near 3, in another order. */
    private static final double SUMMATION = 1e-10;

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void isTheSumOverTheCompletionsTokensAlone(String type) {
        CausalLm model = TinyModels.frozen(TinyModels.config(type), DOUBLES);
        for (TokenExample example : EXAMPLES.subList(0, 20)) {
            assertThat(loss(model, List.of(example)))
                    .isCloseTo(byHand(model, example), within(SUMMATION));
        }
    }

    @Test
    void fewerTargetsAreAPartOfTheSum() {
        CausalLm model = TinyModels.frozen(TinyModels.config("llama"), DOUBLES);
        int[] ids = {3, 1, 4, 1, 5};

        double everything = loss(model, List.of(new TokenExample(ids, 1)));
        double prompt = loss(model, List.of(new TokenExample(Arrays.copyOf(ids, 3), 1)));
        double completion = loss(model, List.of(new TokenExample(ids, 3)));

        assertThat(completion).isCloseTo(everything - prompt, within(SUMMATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void packedExamplesLoseTheSumOfSingleOnes(String type) {
        CausalLm model = TinyModels.frozen(TinyModels.config(type), DOUBLES);
        double sum = 0;
        for (TokenExample example : EXAMPLES) {
            sum += loss(model, List.of(example));
        }

        assertThat(NextTokenLoss.targets(EXAMPLES)).isGreaterThan(256);
        assertThat(loss(model, EXAMPLES)).isCloseTo(sum, within(SUMMATION));
    }

    /**
     * Tolerance of the floats: gradients of up to 1, a few hundred terms added in another order,
     * each resolved to 6e-8.
     */
    @ParameterizedTest(name = "{0}, tolerance {1}")
    @CsvSource({"gpt_neox, 1e-12", "llama, 1e-12", "gpt_neox, 1e-5", "llama, 1e-5"})
    void microBatchesAddUpToTheGradientOfOneBatch(String type, double tolerance) {
        Kernels kernels = tolerance < 1e-10 ? DOUBLES : Kernels.vector();
        CausalLm model = TinyModels.trained(TinyModels.config(type), kernels);
        double scale = 1.0 / NextTokenLoss.targets(EXAMPLES);

        train(model, EXAMPLES, scale);
        List<float[]> whole = takeGradients(model);
        train(model, EXAMPLES.subList(0, 3), scale);
        train(model, EXAMPLES.subList(3, 50), scale);
        train(model, EXAMPLES.subList(50, 200), scale);
        List<float[]> parts = takeGradients(model);

        for (int i = 0; i < whole.size(); i++) {
            float[] expected = whole.get(i);
            float[] found = parts.get(i);
            float largest = 0;
            for (int j = 0; j < expected.length; j++) {
                assertThat((double) found[j])
                        .isCloseTo(expected[j], within(tolerance + Math.ulp(expected[j])));
                largest = Math.max(largest, Math.abs(expected[j]));
            }
            assertThat(largest).as(model.parameters().get(i).name()).isGreaterThan(1e-4f);
        }
    }

    @Test
    void evaluatingLeavesNoGradient() {
        CausalLm model = TinyModels.trained(TinyModels.config("llama"), DOUBLES);

        double evaluated = loss(model, EXAMPLES);

        assertThat(takeGradients(model)).allMatch(g -> Arrays.equals(g, new float[g.length]));
        assertThat(train(model, EXAMPLES, 0.5)).isEqualTo(evaluated);
    }

    /** The last token is never read, and floats would quietly take the next row's logit. */
    @ParameterizedTest
    @ValueSource(ints = {-1, TinyModels.VOCABULARY})
    void aTargetOutsideTheVocabularyIsRefused(int token) {
        CausalLm model = TinyModels.frozen(TinyModels.config("llama"), Kernels.vector());
        TokenExample wrong = new TokenExample(new int[] {1, 2, token}, 2);

        assertThatThrownBy(() -> loss(model, List.of(wrong, EXAMPLES.get(0))))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(
                        "token id %d is outside the model's vocabulary of 11".formatted(token));
    }

    private static double loss(CausalLm model, List<TokenExample> examples) {
        return new NextTokenLoss(model)
                .evaluate(ForwardContext.of(model.kernels(), null), examples);
    }

    private static double train(CausalLm model, List<TokenExample> examples, double scale) {
        return new NextTokenLoss(model)
                .train(ForwardContext.of(model.kernels(), null), examples, scale);
    }

    private static List<float[]> takeGradients(CausalLm model) {
        List<float[]> gradients =
                model.parameters().stream().map(p -> p.gradient().toFloats()).toList();
        for (Parameter p : model.parameters()) {
            model.kernels().elementwise().clear(p.gradient());
        }
        return gradients;
    }

    /** All logits of all tokens, and the formula of the softmax. */
    private static double byHand(CausalLm model, TokenExample example) {
        ForwardContext pass = ForwardContext.of(model.kernels(), null);
        TokenBatch batch = TokenBatch.packed(List.of(example.ids()));
        Tensor logits = model.head().forward(pass, model.forward(pass, batch, null).hidden()).y();
        double loss = 0;
        for (int i = example.firstTarget(); i < example.ids().length; i++) {
            double sum = 0;
            for (int token = 0; token < logits.cols(); token++) {
                sum += Math.exp(logits.get(i - 1, token));
            }
            loss -= Math.log(Math.exp(logits.get(i - 1, example.ids()[i])) / sum);
        }
        return loss;
    }
}
