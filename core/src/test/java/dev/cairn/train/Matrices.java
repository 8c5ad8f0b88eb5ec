package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;

/** What the optimisers' tests train. */
final class Matrices {
    private Matrices() {}

    /** A weight with these values, row by row, and a gradient of zeros. */
    static Parameter parameter(String name, Kernels kernels, int rows, double[] values) {
        int cols = values.length / rows;
        Tensor value = kernels.zeros(rows, cols);
        for (int i = 0; i < values.length; i++) {
            value.set(i / cols, i % cols, values[i]);
        }
        return new Parameter(name, value, kernels.zeros(rows, cols));
    }

    static void assertClose(Tensor found, double[] expected, double relative) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(found.get(i / found.cols(), i % found.cols()))
                    .as("value %d", i)
                    .isCloseTo(expected[i], within(relative * Math.abs(expected[i])));
        }
    }
}
