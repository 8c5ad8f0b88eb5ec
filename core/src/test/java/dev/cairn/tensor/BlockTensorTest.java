package dev.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.tensor.block.BlockFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link BlockTensor} makes of blocks that the formats' own decoders understand. */
class BlockTensorTest {
    private static final int ROWS = 3;

    @ParameterizedTest
    @EnumSource
    void everyPartOfARowIsWhatItsBlocksHold(BlockFormat format) {
        int cols = 3 * format.size();
        BlockTensor tensor = new Twins(format.ordinal()).blocks(format, ROWS, cols);
        for (int row = 0; row < ROWS; row++) {
            float[] whole = new float[cols];
            for (int b = 0; b < 3; b++) {
                long at = tensor.rowAt(row) + (long) b * format.bytes();
                format.decode(tensor.data, at, whole, b * format.size());
            }
            for (int col : new int[] {0, 1, 15, 31, 32, 33, format.size(), 2 * format.size() - 1}) {
                for (int n : new int[] {0, 1, 2, 31, 32, 33, format.size(), cols - col}) {
                    int count = Math.min(n, cols - col);
                    float[] part = new float[count + 4];
                    tensor.read(row, col, count, part, 2);
                    for (int i = 0; i < count; i++) {
                        assertThat(part[2 + i]).isEqualTo(whole[col + i]);
                        assertThat(tensor.get(row, col + i)).isEqualTo(whole[col + i]);
                    }
                    assertThat(new float[] {part[0], part[1], part[count + 2], part[count + 3]})
                            .containsOnly(0);
                }
            }
        }
    }

    @Test
    void aViewOfAnotherShapeHasTheSameValues() {
        BlockTensor tensor = new Twins(1).blocks(BlockFormat.Q5_0, 2, 96);
        assertThat(tensor.reshape(3, 64).toFloats()).isEqualTo(tensor.toFloats());
        assertThatThrownBy(() -> tensor.reshape(2, 64))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be reshaped to [2, 64]");
        assertThatThrownBy(() -> tensor.reshape(4, 48))
                .hasMessageContaining("Q5_0: expected rows of a multiple of 32 numbers, found 48");
    }

    @Test
    void sizesThatDoNotFitAreRefused() {
        MemorySegment data = Arena.ofAuto().allocate(2 * 144);
        assertThat(BlockTensor.of(data, BlockFormat.Q4_K, 2, 256).byteSize()).isEqualTo(288);
        assertThatThrownBy(() -> BlockTensor.of(data, BlockFormat.Q4_K, 2, 512))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Q4_K tensor [2, 512]: expected 576 bytes, found 288");
        assertThatThrownBy(() -> BlockTensor.of(data, BlockFormat.Q4_K, 9, 32))
                .hasMessageContaining("Q4_K: expected rows of a multiple of 256 numbers, found 32");
    }

    /** Rows of a matrix above 2 GiB: offsets must not be computed in ints. */
    @Test
    void offsetsGoBeyondAnInt() {
        int rows = 1 << 20;
        MemorySegment data = MemorySegment.NULL.reinterpret(rows * 3400L);
        BlockTensor tensor = BlockTensor.of(data, BlockFormat.Q8_0, rows, 3200);
        assertThat(tensor.rowAt(rows - 1)).isEqualTo((rows - 1) * 3400L);
        assertThat(tensor.byteSize()).isEqualTo(rows * 3400L);
    }

    @Test
    void weightsCannotBeChanged() {
        BlockTensor tensor = new Twins(2).blocks(BlockFormat.Q4_0, 1, 32);
        assertThatThrownBy(() -> tensor.set(0, 0, 1))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
