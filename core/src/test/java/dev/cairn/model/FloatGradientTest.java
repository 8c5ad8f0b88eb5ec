package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.weights.MappedWeights;
import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.Weights;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * The gradients training really uses, in float with the fast kernels, against those in double that
 * {@link GradientTest} proves. The sizes fill vector registers several times and leave a rest.
 *
 * <p>Tolerance: a float resolves 6e-8; a gradient passes about a hundred roundings on its way
 * through two layers, of which errors of either sign cancel.
 */
class FloatGradientTest {
    private static final double TOLERANCE = 1e-5;
    private static final Kernels FAST = Kernels.vector();
    private static final Kernels EXACT = Kernels.scalar(Precision.F64);

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void everyWeightOfAModel(String type) {
        Weights weights = new RandomWeights(FAST, 7);
        CausalLm fast =
                TinyModels.build(larger(type), MappedWeights.trainable(weights, FAST), FAST);
        CausalLm exact =
                TinyModels.build(larger(type), MappedWeights.trainable(weights, EXACT), EXACT);

        new Example(fast, ForwardContext.of(FAST, null)).backward();
        new Example(exact, ForwardContext.of(EXACT, null)).backward();

        assertSameGradients(fast.parameters(), exact.parameters());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void anAdapterWithDropout(String type) {
        CausalLm fast = TinyModels.build(larger(type), new RandomWeights(FAST, 7), FAST);
        CausalLm exact = TinyModels.build(larger(type), new RandomWeights(FAST, 7), EXACT);
        LoraAdapter a = TinyModels.adapter(fast, 0.3, false);
        LoraAdapter b = TinyModels.adapter(exact, 0.3, false);
        for (int i = 0; i < a.parameters().size(); i++) {
            Tensor value = a.parameters().get(i).value();
            EXACT.elementwise().copy(value, b.parameters().get(i).value());
        }

        new Example(fast, ForwardContext.dropping(FAST, a, 5L, new Workspace())).backward();
        new Example(exact, ForwardContext.dropping(EXACT, b, 5L, new Workspace())).backward();

        assertSameGradients(a.parameters(), b.parameters());
    }

    private static ObjectNode larger(String type) {
        return TinyModels.config(type)
                .put("hidden_size", 120)
                .put("num_attention_heads", type.equals("llama") ? 6 : 5)
                .put("head_dim", 22)
                .put("intermediate_size", 203)
                .put("vocab_size", 131);
    }

    private static void assertSameGradients(List<Parameter> found, List<Parameter> expected) {
        for (int i = 0; i < expected.size(); i++) {
            Tensor gradient = gradient(expected.get(i));
            Tensor difference = EXACT.zeros(gradient.rows(), gradient.cols());
            EXACT.elementwise().copy(gradient(found.get(i)), difference);
            EXACT.elementwise().scale(difference, -1);
            EXACT.elementwise().add(gradient, difference);
            assertThat(length(difference))
                    .as("error of the gradient of %s", expected.get(i).name())
                    .isLessThan(TOLERANCE * length(gradient));
        }
    }

    private static Tensor gradient(Parameter parameter) {
        return Objects.requireNonNull(parameter.grad(), parameter.name());
    }

    private static double length(Tensor tensor) {
        return Math.sqrt(EXACT.elementwise().sumOfSquares(tensor));
    }
}
