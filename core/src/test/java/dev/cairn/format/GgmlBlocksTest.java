package dev.cairn.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Against gguf.quants, which gives the bits of ggml's reference; {@code
 * tools/goldens/gguf_fixtures.py} made the file. The rows: normal numbers of several sizes, zeros,
 * halves of both signs.
 */
class GgmlBlocksTest {
    private static final int COLUMNS = 32;

    private final Safetensors golden =
            Safetensors.open(Path.of("core/src/test/resources/goldens/gguf/blocks.safetensors"));
    private final float[] values = golden.entry("values").toFloats();

    @AfterEach
    void unmap() {
        golden.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16", "Q8_0"})
    void writesTheBytesOfTheReference(GgmlType type) {
        ByteBuffer out =
                ByteBuffer.allocate((int) type.rowBytes(values.length))
                        .order(ByteOrder.LITTLE_ENDIAN);
        float[] row = new float[COLUMNS];
        for (int at = 0; at < values.length; at += COLUMNS) {
            System.arraycopy(values, at, row, 0, COLUMNS);
            GgmlBlocks.encode(type, row, out);
        }

        assertThat(out.array()).isEqualTo(bytes(type.name()));
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "Q8_0", "Q4_0"})
    void readsTheNumbersOfTheReference(GgmlType type) {
        MemorySegment packed = MemorySegment.ofArray(bytes(type.name()));
        float[] expected = golden.entry(type.name() + ".back").toFloats();
        float[] row = new float[COLUMNS];
        for (int at = 0; at < values.length; at += COLUMNS) {
            GgmlBlocks.decode(type, packed, at / COLUMNS * type.rowBytes(COLUMNS), row);
            for (int i = 0; i < COLUMNS; i++) {
                assertThat(row[i]).isEqualTo(expected[at + i]);
            }
        }
    }

    @Test
    void refusesWhatAHalfCannotHold() {
        ByteBuffer out = ByteBuffer.allocate(64);

        assertThatThrownBy(() -> GgmlBlocks.encode(GgmlType.F16, new float[] {65520}, out))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("65520.0 is too large");
        assertThatThrownBy(() -> encodeBlockWith(1e9f, out)).hasMessageContaining("too large");
        assertThatThrownBy(() -> encodeBlockWith(Float.NaN, out))
                .hasMessageContaining("NaN cannot be stored as Q8_0");
    }

    private static void encodeBlockWith(float value, ByteBuffer out) {
        float[] block = new float[COLUMNS];
        block[7] = value;
        GgmlBlocks.encode(GgmlType.Q8_0, block, out.clear());
    }

    private byte[] bytes(String name) {
        return golden.entry(name).data().toArray(ValueLayout.JAVA_BYTE);
    }
}
