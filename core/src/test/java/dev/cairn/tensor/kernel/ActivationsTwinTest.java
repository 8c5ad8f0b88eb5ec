package dev.cairn.tensor.kernel;

import static dev.cairn.tensor.Twins.U;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.tensor.Activations;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.F64Tensor;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Twins;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast activations against the formulas, over ordinary and over extreme values. */
class ActivationsTwinTest {
    private static final float[] EXTREMES = {
        40, -40, 1e-8f, -1e-8f, 0, -0f, 10, -10, 6, -6, 1e-30f, -1e-30f, 80, -80, 20, -20
    };
    private static final int ROWS = 19;

    private final Activations fast = Kernels.vector().activations();
    private final Activations slow = Kernels.scalar(Precision.F64).activations();

    private static F32Tensor inputs(Twins twins, int n) {
        F32Tensor x = twins.uniform(ROWS, n, 8);
        for (int i = 0; i < ROWS * n; i += 3) {
            x.data[i] = EXTREMES[i / 3 % EXTREMES.length];
        }
        return x;
    }

    /**
     * Φ is off by 0.75e-7 by the approximation (half of erf's 1.5e-7), and by a rounding for each
     * of about eight operations.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257})
    void geluAgrees(int n) {
        Twins twins = new Twins(n);
        F32Tensor x = inputs(twins, n);
        F32Tensor dy = twins.uniform(ROWS, n);
        F32Tensor y = Twins.unset(ROWS, n);
        F32Tensor dx = Twins.unset(ROWS, n);
        fast.gelu(x, y);
        fast.geluBackward(x, dy, dx);
        F64Tensor exactY = F64Tensor.zeros(ROWS, n);
        F64Tensor exactDx = F64Tensor.zeros(ROWS, n);
        slow.gelu(x, exactY);
        slow.geluBackward(x, dy, exactDx);
        double phi = 0.75e-7 + 8 * U;
        Twins.assertClose("y", y, exactY, (r, c) -> phi * Math.abs(x.get(r, c)) + 1e-37);
        Twins.assertClose("dx", dx, exactDx, (r, c) -> 2 * phi * Math.abs(dy.get(r, c)));
    }

    /** σ is off by a few roundings relative to itself, 1 − σ by one relative to one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257})
    void swiGluAgrees(int n) {
        Twins twins = new Twins(n);
        F32Tensor gate = inputs(twins, n);
        F32Tensor up = twins.uniform(ROWS, n);
        F32Tensor dy = twins.uniform(ROWS, n);
        F32Tensor y = Twins.unset(ROWS, n);
        F32Tensor dGate = Twins.unset(ROWS, n);
        F32Tensor dUp = Twins.unset(ROWS, n);
        fast.swiGlu(gate, up, y);
        fast.swiGluBackward(gate, up, dy, dGate, dUp);
        F64Tensor exactY = F64Tensor.zeros(ROWS, n);
        F64Tensor exactDGate = F64Tensor.zeros(ROWS, n);
        F64Tensor exactDUp = F64Tensor.zeros(ROWS, n);
        slow.swiGlu(gate, up, exactY);
        slow.swiGluBackward(gate, up, dy, exactDGate, exactDUp);
        Twins.assertClose("y", y, exactY, (r, c) -> 8 * U * Math.abs(exactY.get(r, c)) + 1e-42);
        Twins.assertClose(
                "dUp", dUp, exactDUp, (r, c) -> 8 * U * Math.abs(exactDUp.get(r, c)) + 1e-42);
        Twins.assertClose(
                "dGate",
                dGate,
                exactDGate,
                (r, c) -> {
                    double g = gate.get(r, c);
                    double sigma = 1 / (1 + Math.exp(-g));
                    double scale = Math.abs(dy.get(r, c) * up.get(r, c)) * sigma;
                    return 8 * U * scale * (1 + Math.abs(g)) + 1e-42;
                });
    }

    /**
     * The argument of σ is off by a few roundings relative to itself, which σ and 1 − σ are then
     * off by relative to one; below exp(−88) the vectors' σ ends at 4.5e-39.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257})
    void geGluAgrees(int n) {
        Twins twins = new Twins(n);
        F32Tensor gate = inputs(twins, n);
        F32Tensor up = twins.uniform(ROWS, n);
        F32Tensor dy = twins.uniform(ROWS, n);
        F32Tensor y = Twins.unset(ROWS, n);
        F32Tensor dGate = Twins.unset(ROWS, n);
        F32Tensor dUp = Twins.unset(ROWS, n);
        fast.geGlu(gate, up, y);
        fast.geGluBackward(gate, up, dy, dGate, dUp);
        F64Tensor exactY = F64Tensor.zeros(ROWS, n);
        F64Tensor exactDGate = F64Tensor.zeros(ROWS, n);
        F64Tensor exactDUp = F64Tensor.zeros(ROWS, n);
        slow.geGlu(gate, up, exactY);
        slow.geGluBackward(gate, up, dy, exactDGate, exactDUp);
        Twins.assertClose(
                "y",
                y,
                exactY,
                (r, c) -> sigmoidBound(gate, r, c) * Math.abs(exactY.get(r, c)) + 1e-36);
        Twins.assertClose(
                "dUp",
                dUp,
                exactDUp,
                (r, c) -> sigmoidBound(gate, r, c) * Math.abs(exactDUp.get(r, c)) + 1e-36);
        Twins.assertClose(
                "dGate",
                dGate,
                exactDGate,
                (r, c) -> {
                    double g = gate.get(r, c);
                    double sigma = 1 / (1 + Math.exp(-geluArgument(g)));
                    double slope = Math.abs(g) * 1.6 * (1 + 3 * 0.044715 * g * g);
                    double scale = Math.abs(dy.get(r, c) * up.get(r, c)) * sigma;
                    return sigmoidBound(gate, r, c) * scale * (1 + slope) + 1e-33;
                });
    }

    private static double sigmoidBound(F32Tensor gate, int r, int c) {
        return (8 + 4 * Math.min(88, Math.abs(geluArgument(gate.get(r, c))))) * U;
    }

    private static double geluArgument(double g) {
        return 2 * Math.sqrt(2 / Math.PI) * (g + 0.044715 * g * g * g);
    }

    /** From PyTorch 2.15: {@code gelu(x, approximate="tanh")} in float64. */
    @ParameterizedTest
    @CsvSource({"0.5, 0.34571400982514394", "-1, -0.15880800939172324", "3, 2.996362607918227"})
    void geGluIsPyTorchsTanhGelu(double x, double expected) {
        F64Tensor gate = F64Tensor.zeros(1, 1);
        gate.set(0, 0, x);
        F64Tensor up = F64Tensor.zeros(1, 1);
        up.set(0, 0, 1);
        F64Tensor y = F64Tensor.zeros(1, 1);
        slow.geGlu(gate, up, y);
        assertThat(y.get(0, 0)).isCloseTo(expected, Percentage.withPercentage(1e-11));
    }

    @Test
    void farOutGeluIsNothingOrEverything() {
        F32Tensor x = F32Tensor.of(new float[] {1e20f, -1e20f, 3e38f, -3e38f}, 1, 4);
        F32Tensor y = F32Tensor.zeros(1, 4);
        fast.gelu(x, y);
        assertThat(y.data[0]).isEqualTo(1e20f);
        assertThat(y.data[1]).isCloseTo(0f, within(1e-15f));
        assertThat(y.data[2]).isEqualTo(3e38f);
        assertThat(Math.abs(y.data[3])).isLessThan(1f);
    }

    /** From tables of the normal distribution. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.5",
        "1, 0.8413447460685429",
        "-1, 0.15865525393145707",
        "2, 0.9772498680518208",
        "-3, 1.3498980316300933e-3",
        "-5, 2.866515718791939e-7",
        "-8, 6.220960574271784e-16",
        "6, 0.9999999990134123"
    })
    void normalCdfIsExactToDoublePrecision(double x, double expected) {
        assertThat(ScalarActivations.normalCdf(x))
                .isCloseTo(expected, Percentage.withPercentage(1e-11));
    }

    /** The series and the continued fraction meet at |x| = 2.5·√2. */
    @Test
    void normalCdfHasNoStepWhereTheMethodChanges() {
        double border = 2.5 * Math.sqrt(2);
        double density = Math.exp(-border * border / 2) / Math.sqrt(2 * Math.PI);
        double rise =
                ScalarActivations.normalCdf(-border + 1e-6)
                        - ScalarActivations.normalCdf(-border - 1e-6);
        assertThat(rise).isCloseTo(2e-6 * density, Percentage.withPercentage(1e-4));
    }
}
