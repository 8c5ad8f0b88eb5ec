package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * The hand-written backward passes against central differences of the loss, in double. Each weight
 * tensor is moved along random directions of length one, which all its values take part in.
 *
 * <p>Tolerance: the difference quotient errs by h²/6 times the third derivative, and by the
 * rounding of the loss (about 10) divided by h: both near 1e-10 for h = 1e-5. A wrong formula errs
 * by the size of the gradient itself.
 */
class GradientTest {
    private static final double STEP = 1e-5;
    private static final double RELATIVE = 1e-6;
    private static final double ROUNDING = 1e-9;
    private static final Kernels KERNELS = Kernels.scalar(Precision.F64);

    static Stream<Arguments> models() {
        Stream.Builder<Arguments> cases = Stream.builder();
        for (boolean tied : new boolean[] {false, true}) {
            for (boolean parallel : new boolean[] {false, true}) {
                for (double rotary : new double[] {0.25, 0.5, 1}) {
                    String name =
                            "GPT-NeoX, parallel %s, rotary_pct %s, tied %s"
                                    .formatted(parallel, rotary, tied);
                    cases.add(Arguments.of(name, TinyModels.neoxConfig(parallel, rotary, tied)));
                }
            }
            cases.add(Arguments.of("Llama, tied " + tied, TinyModels.llamaConfig(tied)));
        }
        cases.add(
                Arguments.of(
                        "Llama with biases",
                        TinyModels.llamaConfig(false)
                                .put("attention_bias", true)
                                .put("mlp_bias", true)));
        cases.add(Arguments.of("Qwen2", TinyModels.qwenConfig("qwen2")));
        cases.add(Arguments.of("Qwen3", TinyModels.qwenConfig("qwen3")));
        cases.add(Arguments.of("Gemma 3", TinyModels.gemma3Config()));
        cases.add(
                Arguments.of(
                        "Gemma 3 with biases and its own head",
                        TinyModels.gemma3Config()
                                .put("attention_bias", true)
                                .put("tie_word_embeddings", false)));
        cases.add(Arguments.of("SmolLM3", TinyModels.smolLm3Config()));
        cases.add(Arguments.of("Granite 3", TinyModels.graniteConfig()));
        cases.add(Arguments.of("Granite 4", TinyModels.granite4Config("rope")));
        cases.add(Arguments.of("Granite 4 without rotation", TinyModels.granite4Config("nope")));
        cases.add(
                Arguments.of(
                        "GPT-NeoX without attention biases",
                        TinyModels.neoxConfig(true, 0.25, false).put("attention_bias", false)));
        return cases.build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void everyWeightOfAModel(String name, ObjectNode config) {
        CausalLm model = TinyModels.trained(config, KERNELS);
        Example example = new Example(model, ForwardContext.of(KERNELS, null));

        example.backward();

        assertGradients(model.parameters(), example);
    }

    /** The loss is that of all hidden states, the gradient of those that it needs. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void everyWeightByWayOfTheCompletionsAlone(String name, ObjectNode config) {
        CausalLm model = TinyModels.trained(config, KERNELS);
        Example example = new Example(model, ForwardContext.of(KERNELS, null));

        example.backwardFromCompletions();

        assertGradients(model.parameters(), example);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void anAdapterByWayOfTheCompletionsAlone(String name, ObjectNode config) {
        CausalLm model = TinyModels.frozen(config, KERNELS);
        LoraAdapter adapter = TinyModels.adapter(model, 0, false);
        Example example = new Example(model, ForwardContext.of(KERNELS, adapter));

        example.backwardFromCompletions();

        assertGradients(adapter.parameters(), example);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void anAdapterOnEveryLinearLayer(String name, ObjectNode config) {
        CausalLm model = TinyModels.frozen(config, KERNELS);
        LoraAdapter adapter = TinyModels.adapter(model, 0, false);
        Example example = new Example(model, ForwardContext.of(KERNELS, adapter));

        example.backward();

        assertThat(model.parameters()).noneMatch(Parameter::isTrained);
        assertThat(adapter.parameters()).hasSize(2 * model.linears().size());
        assertGradients(adapter.parameters(), example);
    }

    @ParameterizedTest(name = "{0}, dropout {1}, rsLoRA {2}")
    @CsvSource({"llama,0.3,false", "llama,0.3,true", "gpt_neox,0.3,true", "gpt_neox,0,true"})
    void anAdapterWithDropoutAndRankStabilisation(
            String architecture, double dropout, boolean useRslora) {
        CausalLm model = TinyModels.frozen(TinyModels.config(architecture), KERNELS);
        LoraAdapter adapter = TinyModels.adapter(model, dropout, useRslora);
        Example example =
                new Example(model, ForwardContext.dropping(KERNELS, adapter, 21L, new Workspace()));

        example.backward();

        assertGradients(adapter.parameters(), example);
    }

    private static void assertGradients(List<Parameter> parameters, Example example) {
        for (Parameter parameter : parameters) {
            for (long seed = 1; seed <= 3; seed++) {
                assertGradient(parameter, example, seed);
            }
        }
    }

    private static void assertGradient(Parameter parameter, Example example, long seed) {
        Tensor gradient = Objects.requireNonNull(parameter.grad(), parameter.name());
        double size = Math.sqrt(KERNELS.elementwise().sumOfSquares(gradient));
        Tensor direction = direction(gradient, seed);
        double slope = dot(gradient, direction);

        move(parameter.value(), direction, STEP);
        double after = example.loss();
        move(parameter.value(), direction, -2 * STEP);
        double before = example.loss();
        move(parameter.value(), direction, STEP);

        assertThat((after - before) / (2 * STEP))
                .as("slope along %s", parameter.name())
                .isCloseTo(slope, within(RELATIVE * size + ROUNDING));
    }

    private static Tensor direction(Tensor like, long seed) {
        Tensor direction = KERNELS.zeros(like.rows(), like.cols());
        RandomWeights.fill(direction, new SplittableRandom(seed), 0, 1);
        double length = Math.sqrt(KERNELS.elementwise().sumOfSquares(direction));
        KERNELS.elementwise().scale(direction, 1 / length);
        return direction;
    }

    private static double dot(Tensor a, Tensor b) {
        double sum = 0;
        for (int r = 0; r < a.rows(); r++) {
            for (int c = 0; c < a.cols(); c++) {
                sum += a.get(r, c) * b.get(r, c);
            }
        }
        return sum;
    }

    private static void move(Tensor value, Tensor direction, double step) {
        for (int r = 0; r < value.rows(); r++) {
            for (int c = 0; c < value.cols(); c++) {
                value.add(r, c, step * direction.get(r, c));
            }
        }
    }
}
