package dev.cairn.train;

import static dev.cairn.train.Matrices.assertClose;
import static dev.cairn.train.Matrices.parameter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.OptimizerName;
import dev.cairn.model.CausalLm;
import dev.cairn.model.TinyModels;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three steps against PyTorch 2.15's. What made the expected numbers, after {@code
 * torch.optim._muon._zeropower_via_newtonschulz} was replaced by the same iteration without its
 * cast to bfloat16 (with the cast, they differ by 2e-4 of each at most):
 *
 * <pre>
 * w = torch.tensor([[0.5, -1.25, 2.0], [0.0, 0.75, -0.125]], dtype=torch.float64, requires_grad=True)
 * v = torch.tensor([[0.5, -1.25], [2.0, 0.0], [0.75, -0.125]], dtype=torch.float64, requires_grad=True)
 * o = torch.optim.Muon([w, v], weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
 * for k, lr in enumerate([0.01, 0.02, 0.005]):
 *     for group in o.param_groups: group["lr"] = lr
 *     w.grad = torch.tensor([[0.5, -3.0, 0.001], [-0.25, 0.0, 2.0]], dtype=torch.float64) * (1 - k) + 0.25 * k
 *     v.grad = w.grad.reshape(3, 2).clone()
 *     o.step()
 * for p in (w, v):
 *     print(p, o.state[p]["momentum_buffer"])
 * </pre>
 */
class MuonTest {
    private static final double[] RATES = {0.01, 0.02, 0.005};
    private static final double[] GRADIENTS = {0.5, -3.0, 0.001, -0.25, 0.0, 2.0};
    private static final double[] VALUES = {0.5, -1.25, 2.0, 0.0, 0.75, -0.125};

    private static final double[] EXPECTED_WIDE = {
        0.49489395632927013,
        -1.2362257044133245,
        1.991290731483428,
        -0.0017713938739073168,
        0.7451240232883055,
        -0.13316470104556288
    };
    private static final double[] EXPECTED_TALL = {
        0.49062930634178725,
        -1.241832713330074,
        1.9887289889012474,
        -0.0007138764055353436,
        0.7385241142929467,
        -0.12979871458767728
    };
    private static final double[] EXPECTED_MOMENTA = {
        0.03443750000000003,
        0.05150000000000004,
        0.03687012500000003,
        0.03809375000000004,
        0.03687500000000003,
        0.027125000000000017
    };

    /** Fifteen products in a row, whose slope at small singular values is up to 3.4 each. */
    private static double tolerance(Precision precision) {
        return precision == Precision.F64 ? 1e-12 : 1e-5;
    }

    @ParameterizedTest
    @EnumSource
    void threeStepsArePyTorchs(Precision precision) {
        // Clipping multiplies the gradient: with twice the gradient, one half changes nothing.
        assertThreeSteps(Kernels.scalar(precision), tolerance(precision), 1, 1);
        assertThreeSteps(Kernels.scalar(precision), tolerance(precision), 2, 0.5);
    }

    @Test
    void threeStepsOfTheFastKernelsArePyTorchs() {
        assertThreeSteps(Kernels.vector(), tolerance(Precision.F32), 1, 1);
    }

    private static void assertThreeSteps(
            Kernels kernels, double tolerance, double size, double clip) {
        Parameter wide = parameter("wide", kernels, 2, VALUES);
        Parameter tall = parameter("tall", kernels, 3, VALUES);
        AdamW none =
                new AdamW(TinyRuns.settings().build().optimizer(), List.of(), p -> true, kernels);
        Muon muon = new Muon(0.1, List.of(wide, tall), none, kernels);
        for (int k = 0; k < RATES.length; k++) {
            for (int i = 0; i < GRADIENTS.length; i++) {
                double gradient = size * (GRADIENTS[i] * (1 - k) + 0.25 * k);
                wide.gradient().set(i / 3, i % 3, gradient);
                tall.gradient().set(i / 2, i % 2, gradient);
            }
            muon.step(k + 1, RATES[k], clip);
        }
        assertClose(wide.value(), EXPECTED_WIDE, tolerance);
        assertClose(tall.value(), EXPECTED_TALL, tolerance);
        assertClose(memory(muon, "momentum/wide"), EXPECTED_MOMENTA, tolerance);
        assertClose(memory(muon, "momentum/tall"), EXPECTED_MOMENTA, tolerance);
    }

    private static Tensor memory(Muon muon, String name) {
        return Objects.requireNonNull(muon.memory().get(name), name);
    }

    /** Jordan 2024: the iteration ends there for all but the smallest singular values. */
    @ParameterizedTest
    @CsvSource({"24, 70", "70, 24", "33, 33"})
    void singularValuesComeNearOne(int rows, int cols) {
        Kernels kernels = Kernels.vector();
        Tensor x = kernels.zeros(rows, cols);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < rows * cols; i++) {
            // A large diagonal and little else, so that the values are known to be far from zero.
            double value = i / cols == i % cols ? 10 : random.nextDouble(-0.1, 0.1);
            x.set(i / cols, i % cols, value);
        }
        Tensor y = new NewtonSchulz(kernels).orthogonal(x);

        for (int i = 0; i < Math.min(rows, cols); i++) {
            assertThat(y.get(i, i)).isBetween(0.65, 1.25);
        }
        // The squares of the singular values.
        double sum = kernels.elementwise().sumOfSquares(y);
        assertThat(sum / Math.min(rows, cols)).isBetween(0.65 * 0.65, 1.25 * 1.25);
    }

    @Test
    void aGradientOfZerosLeavesAMatrixAsItIs() {
        Kernels kernels = Kernels.vector();

        assertThat(new NewtonSchulz(kernels).orthogonal(kernels.zeros(3, 5)).toFloats())
                .containsOnly(0f);
    }

    @Test
    void embeddingHeadGainsAndBiasesAreAdamWs() {
        CausalLm model = TinyModels.trained(TinyModels.config("gpt_neox"), Kernels.vector());
        TrainingRun run =
                TinyRuns.run(
                        model,
                        null,
                        new TinyRuns.Written(List.of()),
                        TinyRuns.settings().optimizer(OptimizerName.MUON).build(),
                        Path.of("nowhere"));

        List<String> names = List.copyOf(Optimizer.of(run).memory().keySet());
        assertThat(names.stream().filter(name -> name.startsWith("momentum/")))
                .isNotEmpty()
                .allMatch(
                        name -> name.matches(".*(query_key_value|dense|dense_[4h]\\w+)\\.weight"));
        assertThat(names.stream().filter(name -> name.startsWith("square/")))
                .contains("square/gpt_neox.embed_in.weight", "square/embed_out.weight")
                .anyMatch(name -> name.endsWith(".bias"))
                .anyMatch(name -> name.contains("layernorm"));
    }
}
