package dev.cairn.train;

import static dev.cairn.train.Matrices.assertClose;
import static dev.cairn.train.Matrices.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.config.TargetModules;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.PeftConfig;
import dev.cairn.model.TinyModels;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three steps against PyTorch 2.15's. What made the expected numbers:
 *
 * <pre>
 * w = torch.tensor([[0.5, -1.25, 2.0], [0.0, 0.75, -0.125]], dtype=torch.float64, requires_grad=True)
 * g = torch.tensor([1.0, -0.5, 0.25], dtype=torch.float64, requires_grad=True)
 * o = torch.optim.AdamW([{"params": [w], "weight_decay": 0.1}, {"params": [g], "weight_decay": 0.0}],
 *                       betas=(0.9, 0.999), eps=1e-8)
 * for k, lr in enumerate([0.01, 0.02, 0.005]):
 *     for group in o.param_groups: group["lr"] = lr
 *     w.grad = torch.tensor([[0.5, -3.0, 0.001], [-0.25, 0.0, 2.0]], dtype=torch.float64) * (1 - k) + 0.25 * k
 *     g.grad = torch.tensor([-1.0, 0.125, 4.0], dtype=torch.float64) * (k + 1)
 *     o.step()
 * for p in (w, g):
 *     print(p, o.state[p]["exp_avg"], o.state[p]["exp_avg_sq"])
 * </pre>
 */
class AdamWTest {
    private static final double[] RATES = {0.01, 0.02, 0.005};
    private static final double[] WEIGHTS = {0.5, -1.25, 2.0, 0.0, 0.75, -0.125};
    private static final double[] WEIGHT_GRADIENTS = {0.5, -3.0, 0.001, -0.25, 0.0, 2.0};
    private static final double[] GAINS = {1.0, -0.5, 0.25};
    private static final double[] GAIN_GRADIENTS = {-1.0, 0.125, 4.0};

    private static final double[] EXPECTED_WEIGHTS = {
        0.4660395814900788,
        -1.2244385094592822,
        1.9639549536230279,
        0.005946681195457862,
        0.7283594669731408,
        -0.1501137120461743
    };
    private static final double[] EXPECTED_WEIGHT_MEANS = {
        0.06299999999999999,
        0.12949999999999998,
        0.07248099999999999,
        0.07724999999999999,
        0.07249999999999998,
        0.03449999999999999
    };
    private static final double[] EXPECTED_WEIGHT_SQUARES = {
        0.0003119377500000003,
        0.02129444650000002,
        0.00031143949800100024,
        0.0006873125625000006,
        0.00031243750000000027,
        0.006304441500000006
    };
    private static final double[] EXPECTED_GAINS = {
        1.034093646392691, -0.5340936446830412, 0.2159063534241322
    };
    private static final double[] EXPECTED_GAIN_MEANS = {
        -0.5609999999999998, 0.07012499999999998, 2.2439999999999993
    };
    private static final double[] EXPECTED_GAIN_SQUARES = {
        0.013994001000000013, 0.0002186562656250002, 0.2239040160000002
    };

    /** A dozen operations, each rounding to half of the last bit of numbers up to 4. */
    private static double tolerance(Precision precision) {
        return precision == Precision.F64 ? 1e-14 : 1e-6;
    }

    @ParameterizedTest
    @EnumSource
    void threeStepsArePyTorchs(Precision precision) {
        // Clipping multiplies the gradient: with twice the gradient, one half changes nothing.
        assertThreeSteps(precision, 1, 1);
        assertThreeSteps(precision, 2, 0.5);
    }

    private static void assertThreeSteps(Precision precision, double size, double clip) {
        Kernels kernels = Kernels.scalar(precision);
        Parameter weights = parameter("weights", kernels, 2, WEIGHTS);
        Parameter gains = parameter("gains", kernels, 1, GAINS);
        AdamW adamW =
                new AdamW(
                        TinyRuns.settings().weightDecay(0.1).build().optimizer(),
                        List.of(weights, gains),
                        p -> p.name().equals("weights"),
                        kernels);
        for (int k = 0; k < RATES.length; k++) {
            for (int i = 0; i < WEIGHTS.length; i++) {
                double gradient = WEIGHT_GRADIENTS[i] * (1 - k) + 0.25 * k;
                weights.gradient().set(i / 3, i % 3, size * gradient);
            }
            for (int i = 0; i < GAINS.length; i++) {
                gains.gradient().set(0, i, size * GAIN_GRADIENTS[i] * (k + 1));
            }
            adamW.step(k + 1, RATES[k], clip);
        }
        double tolerance = tolerance(precision);
        assertClose(weights.value(), EXPECTED_WEIGHTS, tolerance);
        assertClose(adamW.means().get(0), EXPECTED_WEIGHT_MEANS, tolerance);
        assertClose(adamW.squares().get(0), EXPECTED_WEIGHT_SQUARES, tolerance);
        assertClose(gains.value(), EXPECTED_GAINS, tolerance);
        assertClose(adamW.means().get(1), EXPECTED_GAIN_MEANS, tolerance);
        assertClose(adamW.squares().get(1), EXPECTED_GAIN_SQUARES, tolerance);
    }

    /** Longer than what one thread is given. */
    @Test
    void everyValueOfALargeMatrixIsUpdatedOnce() {
        Kernels kernels = Kernels.vector();
        Parameter large = new Parameter("large", kernels.zeros(101, 211), kernels.zeros(101, 211));
        for (int i = 0; i < 101 * 211; i++) {
            large.gradient().set(i / 211, i % 211, i % 2 == 0 ? 3 : -3);
        }
        AdamW adamW =
                new AdamW(
                        TinyRuns.settings().build().optimizer(),
                        List.of(large),
                        p -> true,
                        kernels);

        adamW.step(1, 0.5, 1);

        float[] values = large.value().toFloats();
        for (int i = 0; i < values.length; i++) {
            // The first step is the learning rate against the gradient's sign, whatever its size.
            assertThat((double) values[i]).isCloseTo(i % 2 == 0 ? -0.5 : 0.5, within(1e-6));
        }
    }

    @Test
    void decayIsForTheMatricesOfABaseAlone() {
        CausalLm model = TinyModels.trained(TinyModels.config("gpt_neox"), Kernels.vector());
        TrainingRun run = TinyRuns.of(model, null);

        assertThat(run.trained().stream().filter(p -> !run.decays(p)))
                .isNotEmpty()
                .allMatch(p ->
                        p.name().endsWith(".bias")
                                || p.name().contains("layer_norm")
                                || p.name().contains("layernorm"));
        assertThat(run.trained().stream().filter(run::decays))
                .allMatch(p -> p.name().endsWith(".weight"))
                .noneMatch(p -> p.name().contains("norm"));
    }

    /** One row, and yet a matrix. */
    @Test
    void decayIsForAnAdapterOfRankOneToo() {
        CausalLm model = TinyModels.frozen(TinyModels.config("llama"), Kernels.vector());
        PeftConfig rankOne = PeftConfig.of("tiny", 1, 2, 0, new TargetModules.AllLinear());
        TrainingRun run = TinyRuns.of(model, LoraAdapter.fresh(model, rankOne, 1));

        assertThat(run.trained()).isNotEmpty().allMatch(run::decays);
    }
}
