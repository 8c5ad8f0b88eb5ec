package dev.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BFloat16Test {
    @Test
    void everyPatternSurvivesTheRoundTrip() {
        for (int pattern = 0; pattern < 1 << 16; pattern++) {
            short bits = (short) pattern;
            float value = BFloat16.toFloat(bits);
            short back = BFloat16.of(value);
            if (Float.isNaN(value)) {
                assertThat(BFloat16.toFloat(back)).as("pattern %x", pattern).isNaN();
            } else {
                assertThat(back).as("pattern %x", pattern).isEqualTo(bits);
            }
        }
    }

    @Test
    void roundsToTheNearerNeighbourAndTiesToEven() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            int lower = Float.floatToRawIntBits(value) >>> 16;
            double below = BFloat16.toFloat((short) lower);
            double above = BFloat16.toFloat((short) (lower + 1));
            if (!Float.isFinite(value) || !Double.isFinite(above)) {
                continue;
            }
            double toBelow = Math.abs(value - below);
            double toAbove = Math.abs(value - above);
            boolean goesUp = toAbove < toBelow || (toAbove == toBelow && (lower & 1) == 1);
            assertThat((double) BFloat16.toFloat(BFloat16.of(value)))
                    .as("value %s", value)
                    .isEqualTo(goesUp ? above : below);
        }
    }

    @Test
    void tiesGoToTheEvenNeighbour() {
        assertThat(BFloat16.of(Float.intBitsToFloat(0x3F808000))).isEqualTo((short) 0x3F80);
        assertThat(BFloat16.of(Float.intBitsToFloat(0x3F818000))).isEqualTo((short) 0x3F82);
        assertThat(BFloat16.of(Float.MAX_VALUE)).isEqualTo((short) 0x7F80);
        assertThat(BFloat16.of(Float.intBitsToFloat(0x7F800001))).isEqualTo((short) 0x7FC0);
    }
}
