package dev.cairn.tensor;

/**
 * Conversions of bfloat16, the upper half of an IEEE 754 binary32 (8 exponent and 7 fraction bits).
 */
public final class BFloat16 {
    private static final int QUIET_NAN = 0x0040;

    private BFloat16() {}

    /** Converts to float, exactly. */
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to nearest, ties to even; NaN stays NaN, overflow becomes infinity. */
    public static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            // Dropping the lower half could leave an empty fraction, which would mean infinity.
            return (short) ((bits >>> 16) | QUIET_NAN);
        }
        int lowestKeptBit = (bits >>> 16) & 1;
        return (short) ((bits + 0x7FFF + lowestKeptBit) >>> 16);
    }
}
