package dev.cairn.tensor.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockBytesTest {
    @Test
    void halfPrecisionNumbersAreThoseOfJavaAlsoInLoops() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            byte[] data = {0, (byte) bits, (byte) (bits >> 8)};
            int expected = Float.floatToRawIntBits(Float.float16ToFloat((short) bits));
            assertThat(Float.floatToRawIntBits(BlockBytes.half(data, 1))).isEqualTo(expected);
            assertThat(Float.floatToRawIntBits(BlockBytes.coldHalf(data, 1))).isEqualTo(expected);
        }
    }
}
