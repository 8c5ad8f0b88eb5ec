package dev.cairn.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.block.BlockFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random blocks, with the greatest, the smallest and negative zero among their factors, against
 * gguf-py and llama.cpp, which agree in every bit; {@code tools/goldens/ggml_blocks.py} made the
 * file.
 */
class BlockGoldensTest {
    private final Safetensors golden =
            Safetensors.open(
                    Path.of("core/src/test/resources/goldens/gguf/blocks-all.safetensors"));

    @AfterEach
    void unmap() {
        golden.close();
    }

    private MemorySegment bytes(String name) {
        return MemorySegment.ofArray(golden.entry(name).data().toArray(ValueLayout.JAVA_BYTE));
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }

    @ParameterizedTest
    @EnumSource
    void blocksHaveTheBitsOfTheReference(BlockFormat format) {
        float[] expected = golden.entry(format + ".floats").toFloats();
        MemorySegment data = bytes(format.name());
        int blocks = expected.length / format.size();
        assertThat(blocks).isGreaterThan(2);
        assertThat(data.byteSize()).isEqualTo((long) blocks * format.bytes());

        for (int rows : new int[] {1, blocks}) {
            BlockTensor tensor = BlockTensor.of(data, format, rows, expected.length / rows);
            assertThat(bits(tensor.toFloats())).isEqualTo(bits(expected));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowOfAFileHasTheBitsOfTheReference(BlockFormat format) {
        float[] expected = golden.entry(format + ".floats").toFloats();
        float[] row = new float[expected.length];
        GgmlBlocks.decode(GgmlType.valueOf(format.name()), bytes(format.name()), 0, row);
        assertThat(bits(row)).isEqualTo(bits(expected));
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void halvesHaveTheBitsOfTheReference(GgmlType type) {
        float[] expected = golden.entry(type + ".floats").toFloats();
        float[] row = new float[expected.length];
        GgmlBlocks.decode(type, bytes(type.name()), 0, row);
        assertThat(bits(row)).isEqualTo(bits(expected));
    }

    @Test
    void everyFormatOfBlocksIsATypeOfTheSameSize() {
        for (BlockFormat format : BlockFormat.values()) {
            GgmlType type = GgmlType.valueOf(format.name());
            assertThat(type.blocks()).contains(format);
            assertThat(type.blockSize()).isEqualTo(format.size());
            assertThat(type.rowBytes(512)).isEqualTo(format.rowBytes(512));
        }
    }

    /** Types that Cairn cannot read are named, with a way out. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "Q8_1", "Q8_K", "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S",
                "TQ1_0", "TQ2_0", "NVFP4", "Q1_0", "I8", "F64"
            })
    void otherTypesAreRefusedByName(GgmlType type) {
        MemorySegment data = MemorySegment.ofArray(new byte[(int) type.rowBytes(256)]);
        Gguf.Entry entry =
                new Gguf.Entry("w", type, new long[] {1, 256}, data, Path.of("model.gguf"));
        assertThatThrownBy(() -> entry.read(0, new float[256]))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("model.gguf: tensor ")
                .hasMessageContaining("type " + type + " cannot be read")
                .hasMessageContaining("such as Q4_K_M or Q8_0");
    }
}
