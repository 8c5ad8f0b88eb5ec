package dev.cairn.tensor.matmul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.Twins;
import org.junit.jupiter.api.Test;

class Int8PanelsTest {
    private static final int WIDTH = MicroKernel.COLS;
    private static final int DEPTH = 19;

    /** Where it is not possible, panels are made of what is read anyway. */
    @Test
    void panelsHoldTheVeryFloatsThatAreRead() {
        int rows = 3 * WIDTH + 5;
        int first = WIDTH;
        int k0 = 3;
        Int8Tensor w = Int8Tensor.of(new Twins(1).uniform(rows, DEPTH + k0 + 2));
        float[] panels = new float[3 * WIDTH * DEPTH];
        float[] lines = new float[Panels.scratch(rows, DEPTH)];
        Panels.pack(w, Panels.Layout.ROWS, first, rows - first, k0, DEPTH, WIDTH, panels, lines);
        for (int i = 0; i < 3 * WIDTH; i++) {
            for (int k = 0; k < DEPTH; k++) {
                float expected = i < rows - first ? (float) w.get(first + i, k0 + k) : 0;
                float found = panels[i / WIDTH * WIDTH * DEPTH + k * WIDTH + i % WIDTH];
                assertThat(found).isEqualTo(expected);
            }
        }
    }
}
