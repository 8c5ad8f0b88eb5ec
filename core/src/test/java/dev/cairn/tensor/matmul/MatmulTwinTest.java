package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.Twins.U;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.Twins;
import dev.cairn.tensor.kernel.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The fast products against the loops. A sum of K products in float is off by at most about K·u·Σ|a
 * · b| (u the unit roundoff); alpha, its rounding, and adding to what was there are a few more.
 */
public class MatmulTwinTest {
    private final Matmul fast = Kernels.vector().matmul();
    private final Matmul slow = Kernels.scalar(Precision.F64).matmul();

    /** One of the three products: arguments a, b, result. */
    @FunctionalInterface
    private interface Product {
        void run(Tensor a, Tensor b, Tensor c, double alpha, boolean accumulate);
    }

    private static void compare(
            String what,
            Product fast,
            Product slow,
            int summed,
            Tensor a,
            Tensor b,
            F32Tensor before,
            double alpha,
            boolean accumulate) {
        F32Tensor result =
                accumulate ? Twins.copy(before) : Twins.unset(before.rows(), before.cols());
        fast.run(a, b, result, alpha, accumulate);
        Tensor exact = Twins.wide(before);
        slow.run(Twins.wide(a), Twins.wide(b), exact, alpha, accumulate);
        Tensor scale = Twins.magnitudes(before);
        slow.run(Twins.magnitudes(a), Twins.magnitudes(b), scale, Math.abs(alpha), accumulate);
        String name = what + " over " + summed + ", alpha " + alpha + ", add " + accumulate;
        Twins.assertClose(name, result, exact, (r, c) -> (summed + 8) * U * scale.get(r, c));
    }

    private void all(int m, int n, int k, double alpha, boolean accumulate) {
        Twins twins = new Twins(1000L * m + 100L * n + k);
        F32Tensor x = twins.uniform(m, k);
        F32Tensor w = twins.uniform(n, k);
        F32Tensor y = twins.uniform(m, n);
        compare("y", fast::forward, slow::forward, k, x, w, y, alpha, accumulate);
        compare("dx", fast::backwardInput, slow::backwardInput, n, y, w, x, alpha, accumulate);
        compare("dw", fast::backwardWeight, slow::backwardWeight, m, y, x, w, alpha, accumulate);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257})
    void everyDimensionMayHaveAnyLength(int size) {
        all(size, 19, 21, 1, false);
        all(5, size, 21, -0.3, true);
        all(19, 5, size, 1, true);
        all(size, size, 3, 2.5, false);
        all(3, size, size, 0.1, true);
    }

    @ParameterizedTest
    @CsvSource({
        "9, 1057, 300",
        "1057, 9, 300",
        "300, 9, 1057",
        "4, 1057, 600",
        "70, 140, 513",
        "264, 64, 288",
        "16, 1088, 32",
        "280, 48, 9",
        "1, 1, 1"
    })
    void blocksJoinWithoutASeam(int m, int n, int k) {
        all(m, n, k, 0.7, true);
        all(m, n, k, 1, false);
    }

    @Test
    void anEmptySumIsZero() {
        all(5, 7, 0, 1, false);
        all(2, 7, 0, 1, false);
        all(5, 0, 7, 1, true);
        all(0, 5, 7, 1, true);
    }

    @ParameterizedTest
    @EnumSource(MappedTensor.Format.class)
    void frozenWeightsAreReadWhereTheyLie(MappedTensor.Format format) {
        for (int m : new int[] {1, 2, 3, 4, 5, 17}) {
            for (int k : new int[] {1, 15, 16, 17, 31, 33, 64, 257}) {
                Twins twins = new Twins(m + 31L * k);
                F32Tensor x = twins.uniform(m, k);
                Tensor w = Twins.mapped(twins.uniform(41, k), format);
                F32Tensor y = twins.uniform(m, 41);
                compare(format + " y", fast::forward, slow::forward, k, x, w, y, 0.5, true);
                compare(format + " y", fast::forward, slow::forward, k, x, w, y, 1, false);
                compare(
                        format + " dx",
                        fast::backwardInput,
                        slow::backwardInput,
                        41,
                        y,
                        w,
                        x,
                        1,
                        true);
            }
        }
    }

    /** Large enough for a second thread. */
    @ParameterizedTest
    @EnumSource(MappedTensor.Format.class)
    void aLayerOfAModelIsSharedAmongThreads(MappedTensor.Format format) {
        Twins twins = new Twins(5);
        Tensor w = Twins.mapped(twins.uniform(1100, 260), format);
        for (int m : new int[] {1, 4, 5, 13}) {
            F32Tensor x = twins.uniform(m, 260);
            F32Tensor y = twins.uniform(m, 1100);
            compare(format + " y", fast::forward, slow::forward, 260, x, w, y, 1, false);
        }
    }
}
