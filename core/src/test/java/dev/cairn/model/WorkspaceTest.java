package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
    private final Kernels kernels = Kernels.vector();
    private final Workspace workspace = new Workspace();

    private float[] take(int rows, int cols) {
        return ((F32Tensor) workspace.blank(kernels, rows, cols)).data();
    }

    @Test
    void whatAFrameTookIsUsedAgain() {
        float[] first;
        try (Workspace.Frame frame = workspace.frame()) {
            first = take(30, 40);
            assertThat(take(30, 40)).isNotSameAs(first);
        }
        try (Workspace.Frame frame = workspace.frame()) {
            // A few numbers less find room in the same array.
            assertThat(List.of(take(30, 40), take(30, 39))).contains(first);
        }
    }

    @Test
    void whatIsKeptGoesBackWithTheFrameAround() {
        float[] kept;
        try (Workspace.Frame outer = workspace.frame()) {
            try (Workspace.Frame inner = workspace.frame()) {
                Tensor tensor = workspace.blank(kernels, 3, 5);
                kept = ((F32Tensor) tensor).data();
                // A view of it is as good.
                inner.keep(List.of(tensor.reshape(5, 3)));
            }
            assertThat(take(3, 5)).isNotSameAs(kept);
        }
        assertThat(List.of(take(3, 5), take(3, 5))).contains(kept);
    }

    @Test
    void zerosAreZerosInAnArrayUsedBefore() {
        try (Workspace.Frame frame = workspace.frame()) {
            java.util.Arrays.fill(take(7, 9), Float.NaN);
        }
        Tensor zeros = workspace.zeros(kernels, 7, 9);
        assertThat(zeros.toFloats()).containsOnly(0f);
    }

    @Test
    void withoutAFrameNothingIsTakenBack() {
        assertThat(take(2, 2)).isNotSameAs(take(2, 2));
    }

    @Test
    void doublesAreAlwaysFresh() {
        Kernels doubles = Kernels.scalar(Precision.F64);
        assertThat(workspace.blank(doubles, 2, 3).get(1, 2)).isZero();
    }

    @Test
    void framesCloseInOrder() {
        Workspace.Frame outer = workspace.frame();
        workspace.frame();
        assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class);
    }
}
